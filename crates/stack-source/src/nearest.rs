/// The candidate that `name` was most likely meant to be, if one is near enough to be worth saying.
///
/// Near enough means a Damerau-Levenshtein distance of at most a third of the longer name (at least one edit), or equality but for case.
///
/// ```
/// use stack_source::nearest;
///
/// assert_eq!(nearest("postgress", ["redis", "postgres"]), Some("postgres"));
/// assert_eq!(nearest("kafka", ["redis", "postgres"]), None);
/// ```
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| {
        if candidate.eq_ignore_ascii_case(name) { 0 } else { strsim::damerau_levenshtein(name, candidate) }
    };
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| {
            let longer = name.chars().count().max(candidate.chars().count());
            *distance <= (longer / 3).max(1) && *distance < longer
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
