//! The rules that an overlay is held to beside those of the author's language: one row each, and a case in the repository's
//! `tests/faults` for every row.

stack_source::rules! {
    pub rules;

    /// A profile that nobody knows.
    UNKNOWN_PROFILE = error("unknown-profile", "an overlay lies on top of a profile that is built in");
    /// A digest of an image that is not built here.
    IMAGE_NOT_BUILT = error("image-not-built", "a pulled image has its digest in its reference, where everyone looks for it");
    /// A raw patch that changes nothing.
    PATCH_WITHOUT_TARGET = error("patch-without-target", "a patch that matches nothing is lost without a word when Kustomize builds");
    /// A raw patch that fails on its object.
    PATCH_NOT_APPLICABLE = error("patch-not-applicable", "a patch that fails stops every build of the overlay");
    /// An operation of JSON 6902 that is none.
    INVALID_OPERATION = error("invalid-operation", "a JSON 6902 patch is a list of operations");
}
