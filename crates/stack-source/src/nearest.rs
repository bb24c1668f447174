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
