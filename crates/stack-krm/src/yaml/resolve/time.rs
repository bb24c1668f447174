/// The RFC 3339 text that kustomize writes for a plain date or time, as Go's `time` package parses and prints it; none where the
/// text is no date.
pub(crate) fn timestamp(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || bytes[4] != b'-' || !bytes[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    let year: u32 = text[..4].parse().ok()?;
    let mut rest = &text[5..];
    let month = take_number(&mut rest)?;
    rest = rest.strip_prefix('-')?;
    let day = take_number(&mut rest)?;
    if !(1..=12).contains(&month) || day == 0 || day > days(year, month) {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if rest.is_empty() {
        return Some(date + "T00:00:00Z");
    }
    let (separator, mut rest) = rest.split_at_checked(1)?;
    if separator == " " {
        rest = rest.trim_start_matches(' ');
    }
    let hour = take_number(&mut rest)?;
    rest = rest.strip_prefix(':')?;
    let minute = take_number(&mut rest)?;
    rest = rest.strip_prefix(':')?;
    let second = take_number(&mut rest)?;
    let fraction = take_fraction(&mut rest);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let zone = match (separator, rest) {
        ("T" | "t", "Z") | (" ", "") => "Z".to_owned(),
        ("T" | "t", rest) => zone(rest)?,
        _ => return None,
    };
    Some(format!("{date}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"))
}

/// One or two digits.
fn take_number(rest: &mut &str) -> Option<u32> {
    let length = rest.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (digits, after) = rest.split_at(length);
    *rest = after;
    digits.parse().ok()
}

/// Nanoseconds at most, without zeros at the end.
fn take_fraction(rest: &mut &str) -> String {
    let Some(after) = rest.strip_prefix(['.', ',']) else { return String::new() };
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 {
        return String::new();
    }
    let digits = after[..length.min(9)].trim_end_matches('0');
    *rest = &after[length..];
    if digits.is_empty() { String::new() } else { format!(".{digits}") }
}

fn zone(text: &str) -> Option<String> {
    let (hours, minutes) = text.strip_prefix(['+', '-'])?.split_once(':')?;
    let two =
        |text: &str| (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?;
    let (hours, minutes): (u32, u32) = (two(hours)?, two(minutes)?);
    // Go takes a day for the hours of a zone and an hour for its minutes, but writes neither.
    match hours * 60 + minutes {
        0 => Some("Z".into()),
        offset if minutes <= 60 && offset < 24 * 60 => {
            Some(format!("{}{:02}:{:02}", &text[..1], offset / 60, offset % 60))
        }
        _ => None,
    }
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}
