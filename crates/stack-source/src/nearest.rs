/// The candidate that `name` was most likely meant to be, if one is near enough to be worth saying.
///
/// Near enough means a Damerau-Levenshtein distance of at most a third of the longer name (at least one edit), or equality but for case. Names of more than 128 characters are near to none but in case, and of more than 512
/// candidates the first are compared: so names that somebody has made for it cost no time.
///
/// ```
/// use stack_source::nearest;
///
/// assert_eq!(nearest("postgress", ["redis", "postgres"]), Some("postgres"));
/// assert_eq!(nearest("kafka", ["redis", "postgres"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let len = length(name);
    let edits = |candidate: &str| {
        if candidate.eq_ignore_ascii_case(name) {
            return Some(0).filter(|_| !name.is_empty());
        }
        let (len, other) = (len?, length(candidate)?);
        let longer = len.max(other);
        let most = (longer / 3).max(1).min(longer - 1);
        // So many edits does the difference of their lengths take.
        let edits = (len.abs_diff(other) <= most).then(|| strsim::damerau_levenshtein(name, candidate))?;
        (edits <= most).then_some(edits)
    };
    let near = candidates.into_iter().take(MOST).filter_map(|candidate| Some((edits(candidate)?, candidate)));
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// Of more candidates than these, the first are looked at.
const MOST: usize = 512;

/// How many characters a name has; nothing where they are so many that it is no name, and the edits too many to count.
fn length(name: &str) -> Option<usize> {
    const LONGEST: usize = 128;
    Some(name.chars().take(LONGEST + 1).count()).filter(|len| *len <= LONGEST)
}

/// The edit for a wrong name where one is near enough.
///
/// ```
/// use stack_source::meant;
///
/// assert_eq!(meant("postgress", ["redis", "postgres"]).unwrap(), "did you mean `postgres`?");
/// assert_eq!(meant("kafka", ["redis", "postgres"]), None);
/// ```
pub fn meant<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// The edit for a wrong name: the one that was meant, else what there is; nothing where there is nothing.
///
/// ```
/// use stack_source::proposal;
///
/// assert_eq!(proposal("postgress", ["redis", "postgres"]).unwrap(), "did you mean `postgres`?");
/// assert_eq!(proposal("kafka", ["redis", "postgres"]).unwrap(), "there is `redis`, `postgres`");
/// assert_eq!(proposal("kafka", []), None);
/// ```
pub fn proposal<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    /// More names than these are no help.
    const MOST: usize = 12;
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let there_is = || {
        let more = if candidates.len() > MOST { ", …" } else { "" };
        (!candidates.is_empty())
            .then(|| format!("there is {}{more}", listed(&candidates[..candidates.len().min(MOST)])))
    };
    meant(name, candidates.iter().copied()).or_else(there_is)
}

/// Names for a message: `a`, `b`, `c`.
///
/// ```
/// assert_eq!(stack_source::listed(["a", "b"]), "`a`, `b`");
/// ```
pub fn listed<'a>(names: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn names_are_near_by_their_edits() {
        for (name, candidates, expected) in [
            ("", vec!["", "a"], None),
            ("a", vec!["b", "A"], Some("A")),
            ("ab", vec!["b", "ba", "abcd"], Some("b")),
            ("abc", vec!["abcd", "abc"], Some("abc")),
            ("abcdef", vec!["ab", "abcdefghi", "abcdefghij"], Some("abcdefghi")),
        ] {
            assert_eq!(nearest(name, candidates), expected, "{name}");
        }
    }

    #[test]
    fn long_names_are_near_to_none() {
        let [long, longer] = [60_000, 60_001].map(|len| "x".repeat(len));
        assert_eq!(nearest(&long, [longer.as_str()]), None);
        assert_eq!(nearest(&long, [long.to_uppercase().as_str()]), Some(long.to_uppercase().as_str()));
        assert_eq!(nearest(&"x".repeat(128), ["x".repeat(129).as_str()]), None);
        assert_eq!(nearest(&"x".repeat(127), ["x".repeat(128).as_str()]), Some("x".repeat(128).as_str()));
    }

    #[test]
    fn of_many_candidates_the_first_are_compared() {
        let candidates = |at: usize| (0..2_000).map(move |n| if n == at { "postgres" } else { "redis" });
        assert_eq!(nearest("postgress", candidates(500)), Some("postgres"));
        assert_eq!(nearest("postgress", candidates(600)), None);
    }
}
