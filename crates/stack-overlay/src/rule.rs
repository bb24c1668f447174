//! The rules that an overlay is held to beside those of the author's language: one row each, and a case in `tests/overlay.rs`.

use stack_source::Rule;

macro_rules! rules {
    ($($(#[$attribute:meta])* $name:ident = $make:ident($text:literal, $why:literal);)*) => {
        $($(#[$attribute])* pub static $name: Rule = Rule::$make($text, $why);)*

        /// All rules, for the rule book and for the test that every one has a case.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    /// A profile that nobody knows.
    UNKNOWN_PROFILE = error("unknown-profile", "an overlay lies on top of a profile that is built in");
    /// A digest of an image that is not built here.
    IMAGE_NOT_BUILT = error("image-not-built", "a pulled image has its digest in its reference, where everyone looks for it");
    /// An operation of JSON 6902 that is none.
    INVALID_OPERATION = error("invalid-operation", "a JSON 6902 patch is a list of operations");
}
