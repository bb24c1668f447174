use std::cmp::Ordering;

use super::super::Entry;
use crate::merge_sort::merge_sort;

/// The entries in the order in which go-yaml v2 writes keys.
pub(super) fn sorted<'a>(entries: &'a [Entry], room: &mut Vec<&'a Entry>) {
    room.clear();
    room.extend(entries);
    // It is not transitive: `1a` < `2` < `10` < `1a`.
    merge_sort(room, &|a, b| compare(a.key.as_str(), b.key.as_str()));
}

/// go-yaml's order of two keys: letters by code point, other characters before letters, runs of digits as numbers.
pub(super) fn compare(a: &str, b: &str) -> Ordering {
    let (a_bytes, b_bytes) = (a.as_bytes(), b.as_bytes());
    let Some(mut at) = a_bytes.iter().zip(b_bytes).position(|(a, b)| a != b) else {
        return a.len().cmp(&b.len());
    };
    while !a.is_char_boundary(at) {
        at -= 1;
    }
    let (Some(first), Some(second)) = (a[at..].chars().next(), b[at..].chars().next()) else {
        return a.len().cmp(&b.len());
    };
    match (first.is_alphabetic(), second.is_alphabetic()) {
        (true, true) => return first.cmp(&second),
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    // A run that continues a number is read as if the number before it were 1, so that zeros count.
    let digits_before = a_bytes[..at].iter().rev().take_while(|byte| byte.is_ascii_digit());
    let continues = (first == '0' || second == '0') && digits_before.into_iter().any(|digit| *digit != b'0');
    let run = |bytes: &[u8]| {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold((i64::from(continues), 0_usize), |(value, length), digit| {
            (value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0')), length + 1)
        })
    };
    run(a_bytes).cmp(&run(b_bytes)).then(first.cmp(&second))
}
