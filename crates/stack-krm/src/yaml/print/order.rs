use std::cmp::Ordering;

use super::super::Entry;

/// The entries in the order in which go-yaml v2 writes keys.
///
/// That order is not transitive (`1a` < `2` < `10` < `1a`), and the standard sort may panic on such. Merging never does, and where
/// the order is transitive every sort gives the same.
pub(super) fn sorted<'a>(entries: &'a [Entry], room: &mut Vec<&'a Entry>) {
    room.clear();
    room.extend(entries);
    if room.is_sorted_by(|a, b| compare(a.key.as_str(), b.key.as_str()) != Ordering::Greater) {
        return;
    }
    if room.len() <= 24 {
        insertion_sort(room);
    } else {
        let half = room.split_off(room.len() / 2);
        *room = merged(std::mem::take(room), half);
    }
}

fn insertion_sort(entries: &mut [&Entry]) {
    for next in 1..entries.len() {
        let mut at = next;
        while at > 0 && compare(entries[at].key.as_str(), entries[at - 1].key.as_str()) == Ordering::Less {
            entries.swap(at, at - 1);
            at -= 1;
        }
    }
}

/// Both halves sorted and merged.
fn merged<'a>(mut left: Vec<&'a Entry>, mut right: Vec<&'a Entry>) -> Vec<&'a Entry> {
    for half in [&mut left, &mut right] {
        if half.len() <= 24 {
            insertion_sort(half);
        } else {
            let rest = half.split_off(half.len() / 2);
            *half = merged(std::mem::take(half), rest);
        }
    }
    let mut all = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        let smaller =
            if compare(b.key.as_str(), a.key.as_str()) == Ordering::Less { right.next() } else { left.next() };
        all.extend(smaller);
    }
    all.extend(left);
    all.extend(right);
    all
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
