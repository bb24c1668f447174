use serde::de::{self, Deserialize, DeserializeSeed, IntoDeserializer as _, Visitor};

use super::resolve::Number;
use super::{Key, Node, Scalar, Tag, Value};

mod content;
mod field_error;

use content::{Fields, Items, Variant};
pub use field_error::FieldError;

/// The value that a tree describes, or the first place where it does not.
///
/// Of a key that stands twice, the last one counts, as in a kustomization; [`super::Document::duplicate_keys`] names them.
///
/// ```
/// use stack_krm::yaml::{Limits, from_node, read};
///
/// #[derive(Debug, serde::Deserialize)]
/// #[serde(deny_unknown_fields)]
/// struct Port {
///     name: String,
///     port: u16,
/// }
///
/// let text = "- name: http\n  prot: 80\n";
/// let documents = read(text, &Limits::default())?;
/// let error = from_node::<Vec<Port>>(&documents[0].root).unwrap_err();
/// assert_eq!(error.message, "there is no field `prot` here, did you mean `port`?");
/// assert_eq!((error.path.as_str(), error.span.of(text)), ("[0]", "prot"));
/// # Ok::<(), stack_krm::yaml::ReadError>(())
/// ```
pub fn from_node<'de, T: Deserialize<'de>>(node: &'de Node) -> Result<T, FieldError> {
    T::deserialize(FromNode { node }).map_err(|error| error.at(node.span))
}

#[derive(Clone, Copy)]
struct FromNode<'de> {
    node: &'de Node,
}

impl<'de> FromNode<'de> {
    fn scalar<V: Visitor<'de>>(scalar: &'de Scalar, visitor: V) -> Result<V::Value, FieldError> {
        match scalar.tag {
            Tag::Null => visitor.visit_unit(),
            Tag::Bool => visitor.visit_bool(scalar.as_bool().unwrap_or_default()),
            Tag::Int | Tag::Float => match scalar.number() {
                Some(Number::Int(value)) => visitor.visit_i64(value),
                Some(Number::Unsigned(value)) => visitor.visit_u64(value),
                Some(Number::Float(value)) => visitor.visit_f64(value),
                None => visitor.visit_f64(scalar.as_f64().unwrap_or(f64::NAN)),
            },
            Tag::Str | Tag::Timestamp | Tag::Binary => visitor.visit_borrowed_str(&scalar.text),
        }
    }

    fn whole<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        // `1.0` is 1 for JSON, and so for Kubernetes.
        match self.node.as_scalar().filter(|scalar| scalar.tag == Tag::Float).and_then(Scalar::as_i64) {
            Some(value) => visitor.visit_i64(value).map_err(|error: FieldError| error.at(self.node.span)),
            None => de::Deserializer::deserialize_any(self, visitor),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        match self.node.as_scalar() {
            Some(scalar) if matches!(scalar.tag, Tag::Bool | Tag::Int | Tag::Float) => {
                let message =
                    format!("expected a string, found {} `{}`: put it in quotes", self.node.kind(), scalar.text);
                Err(FieldError::new(message).at(self.node.span))
            }
            _ => de::Deserializer::deserialize_any(self, visitor),
        }
    }
}

/// Methods that all do the same.
macro_rules! alike {
    ($($method:ident)* => $to:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
            self.$to(visitor)
        })*
    };
}

impl<'de> de::Deserializer<'de> for FromNode<'de> {
    type Error = FieldError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        let node = self.node;
        match &node.value {
            Value::Scalar(scalar) => Self::scalar(scalar, visitor).map_err(|error| error.at(node.span)),
            Value::Sequence(nodes) => visitor.visit_seq(Items::new(nodes)).map_err(|error| error.at(node.span)),
            Value::Mapping(mapping) => {
                let start = mapping.entries.first().map_or(node.span, |entry| entry.key.span);
                visitor.visit_map(Fields::new(mapping)).map_err(|error| error.at_map(start, node.span))
            }
        }
    }

    alike!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16
        deserialize_u32 deserialize_u64 deserialize_u128 => whole);
    alike!(deserialize_char deserialize_str deserialize_string => text);
    alike!(deserialize_bool deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf deserialize_unit
        deserialize_seq deserialize_map deserialize_identifier => deserialize_any);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        if self.node.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_newtype_struct(self).map_err(|error| error.at(self.node.span))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, FieldError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FieldError> {
        let node = self.node;
        let variant = match &node.value {
            Value::Scalar(scalar) if scalar.tag == Tag::Str => {
                visitor.visit_enum(scalar.text.as_str().into_deserializer())
            }
            Value::Mapping(mapping) if mapping.len() == 1 => visitor.visit_enum(Variant(&mapping.entries[0])),
            Value::Mapping(_) => Err(FieldError::new("expected a map with one key, which names the kind".to_owned())),
            _ => Err(FieldError::new(format!("expected a name, or a map with one key, found {}", node.kind()))),
        };
        variant.map_err(|error| error.at(node.span))
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FieldError> {
        visitor.visit_unit()
    }
}

/// A key is a string for whoever asks for one, whatever it looks like.
fn key<'de, S: DeserializeSeed<'de>>(key: &'de Key, seed: S) -> Result<S::Value, FieldError> {
    let text: de::value::BorrowedStrDeserializer<'de, FieldError> =
        de::value::BorrowedStrDeserializer::new(key.as_str());
    seed.deserialize(text).map_err(|error| error.at(key.span))
}
