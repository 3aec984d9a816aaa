#!/usr/bin/perl
# An ESME made of Debian's Net::SMPP: a service that asks, welcomes and says goodbye, none of it ours.
#
# Run as `perl esme.pl PORT`. Prints one line for each thing that it reads, fields separated by tabs:
#   bound SYSTEM_ID, message FROM TO TEXT, accepted ID, receipt ID STAT, unbound
# Answers DK with a prompt, Y with a welcome, HUY with a long text in two parts; END makes it unbind.

use strict;
use warnings;
use Encode qw(encode);
use Net::SMPP;

$| = 1;
binmode STDOUT, ':utf8';
my %texts = (DK => 'De dong y, soan Y gui 9166', Y => 'Dang ky thanh cong');
my $goodbye = "\x{110}\x{e3} h\x{1ee7}y. " x 12;

my ($smsc, $bound) = Net::SMPP->new_transceiver(
    '127.0.0.1', port => $ARGV[0], smpp_version => 0x34, interface_version => 0x34,
    system_id => 'twofold', password => 'secret', addr_ton => 0, addr_npi => 0, address_range => '',
) or die "cannot bind: $!";
die 'refused' if $bound->{status};
told('bound', $bound->{system_id});

while (my $pdu = $smsc->read_pdu) {
    my $name = Net::SMPP::pdu_tab->{$pdu->{cmd}}{cmd};
    if    ($name eq 'deliver_sm') { heard($pdu) }
    elsif ($name eq 'submit_sm_resp') { told('accepted', $pdu->{message_id}) }
    elsif ($name eq 'enquire_link') { $smsc->enquire_link_resp(seq => $pdu->{seq}) }
    elsif ($name eq 'unbind_resp') { told('unbound'); last }
}

sub told { print join("\t", @_), "\n" }

sub heard {
    my ($pdu) = @_;
    $smsc->deliver_sm_resp(seq => $pdu->{seq}, message_id => '', status => 0);
    if ($pdu->{esm_class} & 4) {
        my ($id, $stat) = $pdu->{short_message} =~ /id:(\S+) .*stat:(\S+)/;
        return told('receipt', $id, $stat);
    }
    told('message', $pdu->{source_addr}, $pdu->{destination_addr}, $pdu->{short_message});
    my ($word) = split / /, $pdu->{short_message};
    if    ($word eq 'END') { $smsc->unbind(async => 1) }
    elsif ($word eq 'HUY') { send_long($pdu) }
    elsif ($texts{$word})  { send_text($pdu, short_message => $texts{$word}) }
}

sub send_long {
    my ($pdu) = @_;
    my $octets = encode('UTF-16BE', $goodbye);
    my @parts = unpack '(a134)*', $octets;
    for my $number (1 .. @parts) {
        my $header = pack 'C6', 5, 0, 3, 7, scalar @parts, $number;
        send_text($pdu, esm_class => 0x40, data_coding => 8, short_message => $header . $parts[$number - 1]);
    }
}

sub send_text {
    my ($pdu, %more) = @_;
    $smsc->submit_sm(
        async => 1, source_addr_ton => 0, source_addr_npi => 0, source_addr => $pdu->{destination_addr},
        dest_addr_ton => 1, dest_addr_npi => 1, destination_addr => $pdu->{source_addr},
        registered_delivery => 1, %more,
    );
}
