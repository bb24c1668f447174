/// A number as go-yaml holds it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// Fits 64 bits with a sign.
    Int(i64),
    /// Fits 64 bits without one only.
    Unsigned(u64),
    /// Anything else.
    Float(f64),
}

/// The number that a text is, by the rules of go-yaml (v2 and v3 agree but for `0o17`, which v2 reads as text when it has a sign).
pub(crate) fn number(text: &str) -> Option<Number> {
    let bytes = text.as_bytes();
    if let [b'1'..=b'9', rest @ ..] | [b'-', b'1'..=b'9', rest @ ..] = bytes
        && rest.len() < 17
        && rest.iter().all(u8::is_ascii_digit)
    {
        return text.parse().ok().map(Number::Int);
    }
    match bytes.first()? {
        b'.' => fraction(text).map(Number::Float),
        b'+' | b'-' | b'0'..=b'9' => {
            if text.contains('_') {
                digits(&text.replace('_', ""))
            } else {
                digits(text)
            }
        }
        _ => None,
    }
}

/// Go's `ParseFloat` on a text that starts with a point: `_` may stand between two digits.
fn fraction(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |index: Option<usize>| index.and_then(|index| bytes.get(index)).is_some_and(u8::is_ascii_digit);
    let between = |(index, _): (usize, &u8)| digit(index.checked_sub(1)) && digit(index.checked_add(1));
    if !bytes.iter().enumerate().filter(|(_, byte)| **byte == b'_').all(between) {
        return None;
    }
    decimal(&text.replace('_', ""))
}

fn digits(text: &str) -> Option<Number> {
    if let Some(number) = based(text) {
        return Some(number);
    }
    if let Some(float) = decimal(text) {
        return Some(Number::Float(float));
    }
    // `0b` and `0o` with a sign behind the prefix: an oddity of go-yaml.
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (radix, rest) = match rest.get(..2)? {
        "0b" => (2, &rest[2..]),
        "0o" => (8, &rest[2..]),
        _ => return None,
    };
    let signed = [sign, rest].concat();
    i64::from_str_radix(&signed, radix).ok().map(Number::Int)
}

/// Go's `ParseInt` and `ParseUint` with base 0.
fn based(text: &str) -> Option<Number> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, rest) = match rest.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &rest[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &rest[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    // Rust would take a further sign.
    if !rest.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    let amount = u64::from_str_radix(rest, radix).ok()?;
    match (negative, i64::try_from(amount)) {
        (false, Ok(amount)) => Some(Number::Int(amount)),
        (false, Err(_)) if text.starts_with('+') => None,
        (false, Err(_)) => Some(Number::Unsigned(amount)),
        (true, Ok(amount)) => Some(Number::Int(-amount)),
        (true, Err(_)) if amount == i64::MIN.unsigned_abs() => Some(Number::Int(i64::MIN)),
        (true, Err(_)) => None,
    }
}

/// `^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`, where the value is finite.
fn decimal(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))),
        None => (unsigned, None),
    };
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let shaped = if whole.is_empty() { !part.is_empty() } else { true };
    if !shaped
        || !all_digits(whole)
        || !all_digits(part)
        || exponent.is_some_and(|text| text.is_empty() || !all_digits(text))
    {
        return None;
    }
    text.parse().ok().filter(|value: &f64| value.is_finite())
}
