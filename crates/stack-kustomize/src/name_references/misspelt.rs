//! Whether a name is another one, but for a slip of the finger.
//!
//! An object may name what is outside of the build, and that may be called nearly like something in it: `db-secret` beside
//! `app-secret`, `web-2` beside `web-1`. So the names are near here that differ in one letter of one long word, or only in how their
//! words are divided, and never those with other numbers; the bound of [`stack_source::nearest`] is for names that must be there.

/// The part of a written name that is misspelt, where it is another name but for one slip.
pub(super) fn misspelt<'w>(written: &'w str, name: &str) -> Option<&'w str> {
    if written == name {
        return None;
    }
    let part = if letters(written).eq(letters(name)) { Some(written) } else { misspelt_word(written, name) };
    part.filter(|_| numbers(written).eq(numbers(name)))
}

/// The only word that differs, where it does so by a slip.
fn misspelt_word<'w>(written: &'w str, name: &str) -> Option<&'w str> {
    let (mut own, mut other) = (words(written), words(name));
    let mut slip = None;
    loop {
        match (own.next(), other.next()) {
            (None, None) => return slip,
            (Some(word), Some(meant)) if word == meant => {}
            (Some(word), Some(meant)) if slip.is_none() && is_slip(word.as_bytes(), meant.as_bytes()) => {
                slip = Some(word);
            }
            _ => return None,
        }
    }
}

pub(super) fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|char: char| !char.is_alphanumeric())
}

fn numbers(name: &str) -> impl Iterator<Item = &str> {
    name.split(|char: char| !char.is_ascii_digit()).filter(|number| !number.is_empty())
}

fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

/// Whether two words differ in one letter, or in the order of two neighbours. In short ones that makes other words: `api`, `app`.
fn is_slip(word: &[u8], other: &[u8]) -> bool {
    let before = word.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (rest, other_rest) = (&word[before..], &other[before..]);
    let behind = rest.iter().rev().zip(other_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (changed, other_changed) = (&rest[..rest.len() - behind], &other_rest[..other_rest.len() - behind]);
    let longer = word.len().max(other.len());
    match (changed, other_changed) {
        ([a, b], [c, d]) => a == d && b == c && longer >= 3,
        // Somebody who means another word has seldom all but its first letter right.
        ([_], [_]) => before > 0 && longer >= 5,
        ([letter], []) | ([], [letter]) => {
            let is_doubled = before.checked_sub(1).is_some_and(|place| word[place] == *letter);
            longer >= 5 || (is_doubled && longer >= 3) || (*letter != b's' && longer >= 4)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::misspelt;

    #[test]
    fn a_slip_is_one_letter_of_one_word() {
        for (written, name, part) in [
            ("app-confg", "app-config", Some("confg")),
            ("app-cofnig", "app-config", Some("cofnig")),
            ("app-configs", "app-config", Some("configs")),
            ("app-donfig", "app-config", None),
            ("app-condig", "app-config", Some("condig")),
            ("ap-config", "app-config", Some("ap")),
            ("wbe", "web", Some("wbe")),
            ("appconfig", "app-config", Some("appconfig")),
            ("app_config", "app-config", Some("app_config")),
            ("App-Config", "app-config", Some("App-Config")),
            ("web-01-cahce", "web-01-cache", Some("cahce")),
            ("app-config", "app-config", None),
            ("", "a", None),
        ] {
            assert_eq!(misspelt(written, name), part, "{written} for {name}");
        }
    }

    #[test]
    fn other_names_that_look_alike_are_none() {
        for (written, name) in [
            ("web2", "web"),
            ("web2", "web3"),
            ("app-config-1", "app-config-2"),
            ("app-config-1", "app-config"),
            ("app-11", "app-1-1"),
            ("api-config", "app-config"),
            ("db-secret", "app-secret"),
            ("web", "webs"),
            ("dev", "def"),
            ("mail-config", "main-config"),
            ("internal-config", "external-config"),
            ("blue-web", "green-web"),
            ("user-config", "config"),
            ("app-confg-extra", "app-config"),
            ("ap-confg", "app-config"),
        ] {
            assert_eq!(misspelt(written, name), None, "{written} for {name}");
            assert_eq!(misspelt(name, written), None, "{name} for {written}");
        }
    }
}
