//! The rules of the author's language: one row each, and a case in the repository's `tests/faults` for every row.

stack_source::rules! {
    pub rules;

    /// No such file, or one that holds no text.
    UNREADABLE_FILE = error("unreadable-file", "an author's file is there and holds UTF-8 text");
    /// Text that is no YAML.
    INVALID_YAML = error("invalid-yaml", "an author's file is YAML");
    /// No document, or several.
    NOT_ONE_DOCUMENT = error("not-one-document", "an author's file holds one document, so that nothing in it is overlooked");
    /// A key that stands twice.
    DUPLICATE_KEY = error("duplicate-key", "the second of two equal keys would silently win");
    /// A list where a map should be, a text where a number should be.
    WRONG_KIND = error("wrong-kind", "a value has one of the forms that its key takes");
    /// A key that means nothing there.
    UNKNOWN_KEY = error("unknown-key", "a key that nobody reads is a wish that nobody fulfils");
    /// A key without which the rest means nothing.
    MISSING_KEY = error("missing-key", "some keys carry what the others are about");
    /// Keys that exclude each other.
    CONFLICTING_KEYS = error("conflicting-keys", "one of two keys that exclude each other would silently lose");
    /// A component that nobody knows.
    UNKNOWN_COMPONENT = error("unknown-component", "a component is one whose image is known; any other service says its image itself");
    /// A protocol that nobody knows.
    UNKNOWN_PROTOCOL = error("unknown-protocol", "both ends of an edge are compared by their protocol");
    /// A word that is none of those that may stand there.
    UNKNOWN_WORD = error("unknown-word", "some values are one of a few words");
    /// A number with a fraction, below zero, or none at all.
    INVALID_NUMBER = error("invalid-number", "counts are whole and not negative");
    /// A quantity that Kubernetes cannot read.
    INVALID_QUANTITY = error("invalid-quantity", "CPU, memory and storage are written in Kubernetes' own units");
    /// A range that ends before it starts.
    INVALID_RANGE = error("invalid-range", "a range leads from the smaller value to the larger one");
    /// A time without a unit.
    INVALID_DURATION = error("invalid-duration", "a time without a unit may be seconds or minutes");
    /// A value that is not what its declaration says, or that nobody declared.
    INVALID_VALUE = error("invalid-value", "a value is declared once, with its type, and given what fits there");
    /// A value that nobody gives.
    MISSING_VALUE = error("missing-value", "a value without a default is given by whoever installs the stack");
    /// Rows and values that repeat each other without end.
    EXPANDS_TOO_FAR = error("expands-too-far", "rows, bindings and values repeat what they hold, and a short file could fill the memory");
    /// A schedule that Kubernetes cannot read.
    INVALID_SCHEDULE = error("invalid-schedule", "a CronJob runs by a schedule of five fields");
    /// A reference without its end.
    UNCLOSED_REFERENCE = error("unclosed-reference", "a reference ends with `>`; without it the text would stand there as it is written");
    /// An external that is neither a person nor an address.
    INVALID_EXTERNAL = error("invalid-external", "a policy towards the outside needs an address, or nobody to reach");
}
