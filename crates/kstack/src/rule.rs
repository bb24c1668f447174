//! The rules that only the command line can judge, since they are about files: one row each, and a case in `tests/faults` for
//! every row.

stack_source::rules! {
    pub rules;

    /// A file of one name with an overlay of another.
    MISNAMED_OVERLAY = error("misnamed-overlay", "an overlay is asked for by its name and looked for by its file's name");
    /// A line of own keys that is none.
    INVALID_LINE = error("invalid-line", "a person's own keys are lines of `SECRET.KEY=VALUE`");
    /// Own keys for a Secret that the environment does not make.
    UNUSED_LOCAL_SECRET = warning("unused-local-secret", "own keys replace values that the overlay gives; a Secret that exists already, or comes from a store, has none");
    /// A file of own keys that git would take in.
    TRACKED_LOCAL_SECRET = warning("tracked-local-secret", "a key that is committed is known to everyone who ever clones the repository");
}
