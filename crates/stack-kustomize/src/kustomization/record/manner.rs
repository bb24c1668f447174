use stack_krm::yaml::{Canonical, Scalar, Tag, canonical};

/// How strictly a file is read: kustomize has one way for each kind of file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// A kustomization: unknown fields are faults, and a number is no string.
    Kustomization,
    /// A file of field specs: unknown fields are faults, and a number may stand for most strings.
    Configuration,
    /// A file of replacements: other fields are not read, and a number may stand for most strings.
    Replacement,
    /// A plugin's configuration: the same, but it was loaded as an object, so `yes` is a string in it.
    Plugin,
    /// A plugin's configuration that is one struct which Go inlines: the same, but no number may stand for a string.
    InlinedPlugin,
    /// The configuration of a prefix or a suffix: go-yaml alone reads it, so keys have a case, and every scalar may stand for a
    /// string.
    AffixPlugin,
}

impl Manner {
    pub(super) fn tag(self, scalar: &Scalar) -> Tag {
        if self.is_object() { scalar.tag } else { scalar.tag_in_yaml_1_1() }
    }

    /// Whether what is read was loaded as an object.
    pub(super) fn is_object(self) -> bool {
        matches!(self, Self::Plugin | Self::InlinedPlugin | Self::AffixPlugin)
    }

    /// A number or a boolean as the text that JSON has for it.
    pub(super) fn as_text(self, scalar: &Scalar) -> Option<String> {
        if self.tag(scalar) == Tag::Bool {
            return Some(scalar.is_true_in_yaml_1_1().to_string());
        }
        match canonical(scalar).ok()? {
            Canonical::Int(number) => Some(number.to_string()),
            Canonical::Unsigned(number) => Some(number.to_string()),
            Canonical::Float(_) => Some(scalar.through_json().text.to_string()),
            Canonical::Null | Canonical::Bool(_) | Canonical::Text(_) => None,
        }
    }
}

/// What go-yaml takes a text for where it wants a boolean.
pub(super) fn said(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "on" => Some(true),
        "n" | "N" | "no" | "off" => Some(false),
        _ => None,
    }
}
