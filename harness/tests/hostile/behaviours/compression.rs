//! Compressed answers, bombs among them.

use std::io;
use std::io::Write;
use std::sync::LazyLock;

use flate2::write::GzEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress};

use crate::hostile::answer::{Answer, chunk};
use crate::hostile::behaviour::{After, Behaviour, Cause, Check, Serve, Shows};
use crate::hostile::connection::Connection;

const TOO_LARGE: &[Cause] = &[Cause::TooLarge];
const ENCODING: &[Cause] = &[Cause::Encoding];

/// Compressed bytes that the label doesn't fit.
const fn mislabelled(name: &'static str, what: &'static str, shows: Shows, serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::ContentEncoding], shows, serve)
}

/// The first bytes of a gzip member without a name and with no time, as flate2 writes them.
const GZIP: Shows = Shows::Bytes(b"\r\n\r\n\x1f\x8b\x08\0");

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour::passed(
        "gzip-unasked",
        "compresses an honest answer though nobody asked for it",
        GZIP,
        |connection, request| {
            connection.send_and_keep(gzipped(&gzip(Answer::honest(request).body())?).bytes())
        },
    ),
    Behaviour::passed(
        "gzip-two-members",
        "compresses an honest answer as two gzip members",
        GZIP,
        |connection, request| {
            let honest = Answer::honest(request);
            let (start, end) = honest.body().split_at(10);
            connection.send_and_keep(gzipped(&[gzip(start)?, gzip(end)?].concat()).bytes())
        },
    ),
    Behaviour::errored(
        "gzip-bomb",
        "sends 1 MB that is 1 GB when decompressed",
        TOO_LARGE,
        GZIP,
        |connection, _| connection.send_and_keep(gzipped(&BOMB).bytes()),
    ),
    Behaviour::errored(
        "gzip-bomb-nested",
        "sends a few KB that is 1 GB when decompressed twice",
        &[Cause::TooLarge, Cause::Encoding],
        Shows::Bytes(b"Content-Encoding: gzip, gzip\r\n"),
        |connection, _| {
            let body = gzip(&BOMB)?;
            connection.send_and_keep(Answer::json(body).line("Content-Encoding: gzip, gzip").bytes())
        },
    ),
    Behaviour::errored(
        "gzip-bomb-endless",
        "sends compressed data without end",
        TOO_LARGE,
        GZIP,
        |connection, _| {
            connection.send(gzipped(GZIP_HEAD).unframed())?;
            endless_bomb(connection)
        },
    ),
    Behaviour::errored(
        "gzip-bomb-chunked",
        "sends the bomb in chunks",
        TOO_LARGE,
        Shows::Bytes(b"chunked\r\n\r\n10000\r\n\x1f\x8b"),
        |connection, _| {
            let head = gzipped(b"").line("Transfer-Encoding: chunked").head();
            let chunks = BOMB.chunks(1 << 16).map(chunk).collect::<Vec<_>>().concat();
            connection.send_and_keep([head, chunks, b"0\r\n\r\n".to_vec()].concat())
        },
    ),
    Behaviour::errored(
        "gzip-endless-name",
        "sends a file name without end in the head of its gzip",
        &[Cause::TooLarge, Cause::Encoding],
        Shows::Flood(b"\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\xffaaaa"),
        |connection, _| connection.send_forever(gzipped(b"\x1f\x8b\x08\x08\0\0\0\0\0\xff").unframed(), b"a"),
    ),
    mislabelled(
        "gzip-over-plain",
        "says gzip over plain text",
        Shows::Bytes(b"Content-Encoding: gzip\r\n"),
        |connection, request| connection.send_and_keep(gzipped(Answer::honest(request).body()).bytes()),
    ),
    mislabelled(
        "gzip-cut",
        "sends half of its gzip, with a Content-Length to match",
        GZIP,
        |connection, request| {
            let whole = gzip(Answer::honest(request).body())?;
            connection.send_and_keep(gzipped(&whole[..whole.len() / 2]).bytes())
        },
    ),
    mislabelled(
        "gzip-bad-checksum",
        "sends gzip with the checksum of something else",
        GZIP,
        |connection, request| {
            let mut whole = gzip(Answer::honest(request).body())?;
            let at = whole.len() - 8;
            whole[at] ^= 0xff;
            connection.send_and_keep(gzipped(&whole).bytes())
        },
    ),
    mislabelled("gzip-bad-data", "sends gzip whose data are noise", GZIP, |connection, _| {
        connection.send_and_keep(gzipped(&[GZIP_HEAD, &[0xff; 64]].concat()).bytes())
    }),
    // No bytes are no gzip, but a client may take the label of an empty body for harmless: then there is no JSON in it.
    Behaviour::failed(
        "gzip-empty",
        "says gzip over an empty body",
        &[Check::ContentEncoding, Check::WellFormed],
        Shows::Bytes(b"gzip\r\nContent-Length: 0\r\n"),
        |connection, _| connection.send_and_keep(gzipped(b"").bytes()),
    ),
    Behaviour::failed(
        "gzip-unlabelled",
        "compresses without saying so",
        &[Check::Charset, Check::WellFormed],
        GZIP,
        |connection, request| {
            let body = gzip(Answer::honest(request).body())?;
            connection.send_and_keep(Answer::json(body).bytes())
        },
    ),
    Behaviour::errored(
        "encoding-unknown",
        "says Content-Encoding: x-proof",
        ENCODING,
        Shows::Bytes(b"Content-Encoding: x-proof\r\n"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("Content-Encoding: x-proof").bytes())
        },
    ),
    Behaviour::errored(
        "encoding-many",
        "says that the body was compressed 200 times",
        &[Cause::Encoding, Cause::TooLarge],
        Shows::Bytes(b"Content-Encoding: gzip, gzip, gzip, "),
        |connection, request| {
            let line = format!("Content-Encoding: {}", vec!["gzip"; 200].join(", "));
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    Behaviour::passed(
        "encoding-identity",
        "says Content-Encoding: identity",
        Shows::Bytes(b"Content-Encoding: identity\r\n"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("Content-Encoding: identity").bytes())
        },
    ),
];

/// A JSON answer that says that `body` is gzip.
fn gzipped(body: &[u8]) -> Answer {
    Answer::json(body).line("Content-Encoding: gzip")
}

fn gzip(data: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data)?;
    encoder.finish()
}

/// The head of a gzip member (RFC 1952 section 2.3): deflate, no flags, no time, unknown system.
const GZIP_HEAD: &[u8] = b"\x1f\x8b\x08\0\0\0\0\0\0\xff";

/// The size of one piece of the bomb; there are 1,024.
const PIECE: usize = 1 << 20;

/// A JSON document of 1 GB as one valid gzip member of about 1 MB. Built of one compressed piece, put behind itself:
/// after a full flush a piece needs nothing of what came before it, and CRC-32 sums can be combined.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let (start, end) = (b"{\"id\": \"bomb\", \"status\": \"ok\", \"note\": \"".as_slice(), b"\"}".as_slice());
    let mut bomb = GZIP_HEAD.to_vec();
    let mut sum = Crc::new();
    bomb.extend(deflated(start));
    sum.update(start);
    let mut piece_sum = Crc::new();
    piece_sum.update(&[b'a'; PIECE]);
    let piece = deflated(&[b'a'; PIECE]);
    for _ in 0..1024 {
        bomb.extend(&piece);
        sum.combine(&piece_sum);
    }
    bomb.extend(deflated(end));
    sum.update(end);
    // RFC 1951 section 3.2.6: the last block, empty, with fixed codes.
    bomb.extend([3, 0]);
    bomb.extend(sum.sum().to_le_bytes());
    bomb.extend(sum.amount().to_le_bytes());
    bomb
});

/// `data` as raw deflate blocks that end on a byte and are not the last.
fn deflated(data: &[u8]) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let mut blocks = Vec::with_capacity(data.len() + 1024);
    // Into a buffer that is larger than the data, compressing can neither fail nor stop early.
    let _ = compress.compress_vec(data, &mut blocks, FlushCompress::Full);
    blocks
}

fn endless_bomb(connection: &mut Connection) -> io::Result<After> {
    let piece = deflated(&[b'a'; PIECE]);
    connection.send_forever("", &piece)
}
