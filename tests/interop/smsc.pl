#!/usr/bin/perl
# An SMSC made of Debian's Net::SMPP: the other side of interop tests, with none of our code in it.
#
# Prints "listening PORT", then one line for each PDU that it reads, fields separated by tabs:
#   bind_transceiver  SYSTEM_ID  PASSWORD  VERSION
#   submit_sm  SEQUENCE  FROM  TO  ESM_CLASS  DATA_CODING  REGISTERED  VALIDITY  TEXT_AS_HEX
#   deliver_sm_resp, data_sm_resp  SEQUENCE  STATUS
#   enquire_link, enquire_link_resp, unbind, unbind_resp, generic_nack  SEQUENCE
#   gone
# Obeys lines on standard input: "deliver FROM TO TEXT_AS_HEX", "data" likewise, "enquire", "unbind", "cut", "quit".
# Binds with another password than "secret" are refused. A submit_sm is answered with an id, and
# followed by its delivery receipt, as text, where one was asked for. ESMEs are served one by one.

use strict;
use warnings;
use IO::Select;
use Net::SMPP;

$| = 1;
my $server = Net::SMPP->new_listen('127.0.0.1', port => 0, smpp_version => 0x34) or die "cannot listen: $!";
print "listening ", $server->sockport, "\n";

my ($esme, $next_id) = (undef, 1);
my $select = IO::Select->new($server, \*STDIN);
my $commands = '';
my $seen_sequence = 0;

while (1) {
    for my $ready ($select->can_read) {
        if ($ready == $server) { accept_esme() }
        elsif ($ready == \*STDIN) { read_commands() }
        else { serve() }
    }
}

sub told { print join("\t", @_), "\n" }

sub accept_esme {
    $esme = $server->accept or return;
    $esme->set_version(0x34);
    $select->add($esme);
}

sub lose_esme {
    return unless defined $esme;
    $select->remove($esme);
    close $esme;
    undef $esme;
    told('gone');
}

sub read_commands {
    my $read = sysread(STDIN, $commands, 65536, length $commands);
    exit 0 unless $read;
    while ($commands =~ s/^([^\n]*)\n//) {
        my ($word, @rest) = split / /, $1;
        if    ($word eq 'deliver') { deliver(@rest) }
        elsif ($word eq 'data')    { data(@rest) }
        elsif ($word eq 'enquire') { $esme->enquire_link(seq => ++$seen_sequence, async => 1) }
        elsif ($word eq 'unbind')  { $esme->unbind(seq => ++$seen_sequence, async => 1) }
        elsif ($word eq 'cut')     { lose_esme() }
        elsif ($word eq 'quit')    { exit 0 }
    }
}

sub deliver {
    my ($from, $to, $hex, %more) = @_;
    $esme->deliver_sm(
        seq => ++$seen_sequence,
        async => 1,
        source_addr_ton => 1, source_addr_npi => 1, source_addr => $from,
        dest_addr_ton => 0, dest_addr_npi => 1, destination_addr => $to,
        short_message => pack('H*', $hex),
        %more,
    );
}

sub data {
    my ($from, $to, $hex) = @_;
    $esme->data_sm(
        seq => ++$seen_sequence,
        async => 1,
        source_addr_ton => 1, source_addr_npi => 1, source_addr => $from,
        dest_addr_ton => 0, dest_addr_npi => 1, destination_addr => $to,
        message_payload => pack('H*', $hex),
    );
}

sub serve {
    local $SIG{__WARN__} = sub { };    # it warns of each end of a connection
    my $pdu = $esme->read_pdu;
    return lose_esme() unless defined $pdu;
    my $name = Net::SMPP::pdu_tab->{$pdu->{cmd}}{cmd} // sprintf '0x%08x', $pdu->{cmd};
    if ($name =~ /^bind_/) { bind_esme($name, $pdu) }
    elsif ($name eq 'submit_sm') { submitted($pdu) }
    elsif ($name =~ /^(deliver|data)_sm_resp$/) { told($name, $pdu->{seq}, $pdu->{status}) }
    else { told($name, $pdu->{seq}); answer($name, $pdu) }
}

sub bind_esme {
    my ($name, $pdu) = @_;
    told($name, $pdu->{system_id}, $pdu->{password}, $pdu->{interface_version});
    my $status = $pdu->{password} eq 'secret' ? 0 : 0x0E;
    my $respond = "${name}_resp";
    $esme->$respond(system_id => 'perl', seq => $pdu->{seq}, status => $status);
}

sub submitted {
    my ($pdu) = @_;
    told(
        'submit_sm', $pdu->{seq}, $pdu->{source_addr}, $pdu->{destination_addr}, $pdu->{esm_class},
        $pdu->{data_coding}, $pdu->{registered_delivery}, $pdu->{validity_period},
        unpack('H*', $pdu->{short_message}),
    );
    my $id = sprintf 'perl-%d', $next_id++;
    $esme->submit_sm_resp(message_id => $id, seq => $pdu->{seq});
    return unless $pdu->{registered_delivery};
    my $text = "id:$id sub:001 dlvrd:001 submit date:2601010000 done date:2601010000 stat:DELIVRD err:000 text:";
    deliver($pdu->{destination_addr}, $pdu->{source_addr}, unpack('H*', $text), esm_class => 4);
}

sub answer {
    my ($name, $pdu) = @_;
    if ($name eq 'enquire_link') { $esme->enquire_link_resp(seq => $pdu->{seq}) }
    elsif ($name eq 'unbind') { $esme->unbind_resp(seq => $pdu->{seq}) }
}
