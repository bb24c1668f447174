/// A table of rules, one row each: a `static` for every row, and `RULES`, all of them, for the test that every one has a case.
///
/// ```
/// stack_source::rules! {
///     pub(crate) rules;
///
///     /// An edge to a service that is not there.
///     UNKNOWN_SERVICE = error("unknown-service", "an edge leads to a service of the stack");
///     /// A host of nobody's.
///     FOREIGN_HOST = warning("foreign-host", "it is right only if somebody else has such a host");
/// }
///
/// fn main() {
///     assert_eq!(RULES.len(), 2);
///     assert_eq!(UNKNOWN_SERVICE.name, "unknown-service");
/// }
/// ```
#[macro_export]
macro_rules! rules {
    ($visible:vis rules; $($(#[$attribute:meta])* $name:ident = $severity:ident($text:literal, $why:literal);)*) => {
        $($(#[$attribute])* $visible static $name: $crate::Rule = $crate::Rule::$severity($text, $why);)*

        /// All rules of this table, for the test that every one has a case.
        pub static RULES: &[&$crate::Rule] = &[$(&$name),*];
    };
}
