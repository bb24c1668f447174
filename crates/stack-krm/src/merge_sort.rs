//! A sort for orders that are not transitive.

use std::cmp::Ordering;

/// Up to here Go inserts too, so that both give the same where the order is not transitive.
const INSERTED: usize = 12;

/// Sorts in a stable way, by any comparison: `a < b < c < a` gives some order, where the standard sort may panic. Where the comparison
/// is transitive, every stable sort gives the same.
pub(crate) fn merge_sort<T: Copy>(items: &mut Vec<T>, compare: &impl Fn(&T, &T) -> Ordering) {
    if items.is_sorted_by(|a, b| compare(a, b) != Ordering::Greater) {
        return;
    }
    if items.len() <= INSERTED {
        insertion_sort(items, compare);
        return;
    }
    let mut right = items.split_off(items.len() / 2);
    let mut left = std::mem::take(items);
    merge_sort(&mut left, compare);
    merge_sort(&mut right, compare);
    items.reserve(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
        items.extend(if compare(b, a) == Ordering::Less { right.next() } else { left.next() });
    }
    items.extend(left);
    items.extend(right);
}

fn insertion_sort<T>(items: &mut [T], compare: &impl Fn(&T, &T) -> Ordering) {
    for next in 1..items.len() {
        let mut at = next;
        while at > 0 && compare(&items[at], &items[at - 1]) == Ordering::Less {
            items.swap(at, at - 1);
            at -= 1;
        }
    }
}
