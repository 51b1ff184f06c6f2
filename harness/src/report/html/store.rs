//! [`Store`]: bytes that are too much for the page's own text, deflated and in base64 at its end. The script unpacks
//! them when somebody wants to see them. Base64 has no character that could end the element around it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::fmt;
use std::io::{self, Write};

/// Bytes of a piece before it is deflated: what is unpacked at once.
const PIECE: usize = 192 * 1024;
/// How many times larger than its room all that is put into a store may be: deflating takes time.
const WORK: usize = 40;

/// Where something is: piece, offset and length in it, bytes. Shown as the script reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    piece: usize,
    offset: usize,
    length: usize,
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.piece, self.offset, self.length)
    }
}

#[derive(Debug)]
pub struct Store {
    /// Of the ids of its pieces: `z0`, `z1`…
    letter: char,
    pieces: Vec<String>,
    open: Vec<u8>,
    /// Bytes of base64 that may still be written, and bytes that may still be taken in.
    room: usize,
    work: usize,
    /// What is left for what matters most.
    reserve: usize,
}

impl Store {
    /// `room`: bytes that it may take in the page.
    pub fn new(letter: char, room: usize) -> Self {
        Self {
            letter,
            pieces: Vec::new(),
            open: Vec::new(),
            room,
            work: room.saturating_mul(WORK),
            reserve: room / 3,
        }
    }

    pub fn has_room(&self) -> bool {
        self.room > 0 && self.work > 0
    }

    /// Whether there is room for what matters less, too.
    pub fn has_spare_room(&self) -> bool {
        self.room > self.reserve && self.work > self.reserve.saturating_mul(WORK)
    }

    /// Takes bytes in; `None` when there is no room.
    pub fn put(&mut self, bytes: &[u8]) -> Option<Address> {
        if !self.has_room() {
            return None;
        }
        let address = Address { piece: self.pieces.len(), offset: self.open.len(), length: bytes.len() };
        self.open.extend_from_slice(bytes);
        self.work = self.work.saturating_sub(bytes.len());
        if self.open.len() >= PIECE {
            self.close();
        }
        Some(address)
    }

    fn close(&mut self) {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(3));
        // Writing into memory does not fail; where it did, the piece would be empty.
        let packed = encoder.write_all(&self.open).and_then(|()| encoder.finish()).unwrap_or_default();
        let text = STANDARD.encode(packed);
        self.room = self.room.saturating_sub(text.len());
        self.pieces.push(text);
        self.open.clear();
    }

    /// The pieces as elements that nothing runs.
    pub fn write(mut self, out: &mut dyn Write) -> io::Result<()> {
        if !self.open.is_empty() {
            self.close();
        }
        for (number, piece) in self.pieces.iter().enumerate() {
            write!(out, "<script type=text/plain id={}{number}>{piece}</script>", self.letter)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    fn unpacked(page: &str, id: &str) -> Vec<u8> {
        let (_, after) = page.split_once(&format!("<script type=text/plain id={id}>")).expect("the piece");
        let (text, _) = after.split_once("</script>").expect("its end");
        let packed = STANDARD.decode(text).expect("base64");
        let mut bytes = Vec::new();
        flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut bytes).expect("deflated");
        bytes
    }

    #[test]
    fn what_is_put_in_is_found_where_it_says() {
        let mut store = Store::new('z', 1 << 20);
        let first = store.put(b"</script>first").expect("room");
        let large = store.put(&vec![7; PIECE]).expect("room");
        let last = store.put(b"last").expect("room");
        assert_eq!([first, large, last].map(|a| a.to_string()), ["0 0 14", "0 14 196608", "1 0 4"]);
        let mut page = Vec::new();
        store.write(&mut page).expect("written");
        let page = String::from_utf8(page).expect("text");
        assert_eq!(&unpacked(&page, "z0")[..14], b"</script>first");
        assert_eq!(unpacked(&page, "z1"), b"last");
        assert_eq!(page.matches('<').count(), 4);
    }

    #[test]
    fn a_full_store_takes_no_more() {
        let mut store = Store::new('r', 1_000);
        let noise: Vec<u8> = (0..PIECE).map(|i| (i * i % 251) as u8 ^ (i / 7) as u8).collect();
        assert!(store.put(&noise).is_some());
        assert!(!store.has_room() && store.put(b"x").is_none());
    }
}
