"""What is sold, by whom, under which rules: files, checked as a whole before they are believed."""
