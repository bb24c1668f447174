use std::borrow::Cow;
use std::fmt::{self, Write as _};

use sha2::{Digest, Sha256};

/// The SHA-256 of a file's bytes, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sum(String);

impl Sum {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// None where `text` is not 64 hexadecimal digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hexadecimal = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        hexadecimal.then(|| Self(text.to_ascii_lowercase()))
    }

    /// Whether the bytes have this sum, as they are or before git gave them Windows line endings.
    pub(super) fn is_of(&self, bytes: &[u8]) -> bool {
        *self == Self::of(bytes)
            || match unix_lines(bytes) {
                Cow::Borrowed(_) => false,
                Cow::Owned(unix) => *self == Self::of(&unix),
            }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether both hold the same, line endings aside.
pub(super) fn same(a: &[u8], b: &[u8]) -> bool {
    a == b || unix_lines(a) == unix_lines(b)
}

/// The text with `\n` for each `\r\n`, as git checks it in; borrowed where there is none, or where it is no text.
fn unix_lines(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&0) || !bytes.windows(2).any(|pair| pair == b"\r\n") {
        return Cow::Borrowed(bytes);
    }
    let mut unix = Vec::with_capacity(bytes.len());
    for (index, byte) in bytes.iter().enumerate() {
        if *byte != b'\r' || bytes.get(index + 1) != Some(&b'\n') {
            unix.push(*byte);
        }
    }
    Cow::Owned(unix)
}
