use std::fmt;

use serde::ser::{self, Serialize};
use thin_vec::ThinVec;

use super::{Entry, Key, Mapping, Node, Scalar, Sequence, Style, Tag, Text, Value};

/// The value cannot be a tree: a key that is no text, or what its own `Serialize` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToNodeError(String);

impl fmt::Display for ToNodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ToNodeError {}

impl ser::Error for ToNodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// The tree of a value, without places. The names of its fields cost no allocation.
///
/// ```
/// use stack_krm::yaml::{Node, to_node};
///
/// #[derive(serde::Serialize)]
/// struct Port {
///     name: &'static str,
///     port: u16,
/// }
///
/// let node = to_node(&Port { name: "http", port: 80 })?;
/// assert_eq!(node, Node::mapping([("name", Node::string("http")), ("port", Node::int(80))]));
/// # Ok::<(), stack_krm::yaml::ToNodeError>(())
/// ```
pub fn to_node<T: Serialize + ?Sized>(value: &T) -> Result<Node, ToNodeError> {
    value.serialize(ToNode)
}

struct ToNode;

/// A list or a map that is being made, and the variant that it is the content of.
struct Building<C> {
    content: C,
    key: Option<Key>,
    variant: Option<&'static str>,
}

type Items = Building<ThinVec<Node>>;
type Entries = Building<ThinVec<Entry>>;

impl<C> Building<ThinVec<C>> {
    fn new(size: Option<usize>, variant: Option<&'static str>) -> Self {
        Self { content: ThinVec::with_capacity(size.unwrap_or_default().min(1 << 12)), key: None, variant }
    }
}

fn scalar(text: impl Into<Text>, tag: Tag) -> Node {
    Value::Scalar(Scalar { text: text.into(), tag, style: Style::Plain }).into()
}

fn within(variant: Option<&'static str>, node: Node) -> Node {
    match variant {
        Some(variant) => Node::mapping([(Text::from(variant), node)]),
        None => node,
    }
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ToNodeError> {
        self.content.push(value.serialize(ToNode)?);
        Ok(())
    }

    fn done(self) -> Node {
        within(self.variant, Value::Sequence(Sequence { nodes: self.content, flow: false }).into())
    }
}

impl Entries {
    fn push<T: Serialize + ?Sized>(&mut self, key: Key, value: &T) -> Result<(), ToNodeError> {
        let value = value.serialize(ToNode)?;
        self.content.push(Entry { key, value });
        Ok(())
    }

    fn field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ToNodeError> {
        self.push(Key::from(Text::from(key)), value)
    }

    fn done(self) -> Node {
        within(self.variant, Value::Mapping(Mapping { entries: self.content, ..Mapping::default() }).into())
    }
}

/// Methods for the types whose text is their `Display`.
macro_rules! displayed {
    ($($method:ident: $type:ty => $tag:ident),* $(,)?) => {
        $(fn $method(self, value: $type) -> Result<Node, ToNodeError> {
            Ok(scalar(value.to_string(), Tag::$tag))
        })*
    };
}

impl ser::Serializer for ToNode {
    type Ok = Node;
    type Error = ToNodeError;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Entries;

    displayed! {
        serialize_i8: i8 => Int, serialize_i16: i16 => Int, serialize_i32: i32 => Int, serialize_i64: i64 => Int,
        serialize_u8: u8 => Int, serialize_u16: u16 => Int, serialize_u32: u32 => Int, serialize_u64: u64 => Int,
        serialize_char: char => Str,
    }

    fn serialize_bool(self, value: bool) -> Result<Node, ToNodeError> {
        Ok(Node::bool(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Node, ToNodeError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Node, ToNodeError> {
        let text = match value {
            _ if value.is_nan() => ".nan".to_owned(),
            _ if value.is_infinite() => if value > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
            _ => format!("{value:?}"),
        };
        Ok(scalar(text, Tag::Float))
    }

    fn serialize_str(self, value: &str) -> Result<Node, ToNodeError> {
        Ok(if value.is_empty() { Node::string(Text::default()) } else { Node::string(value) })
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Node, ToNodeError> {
        Ok(Node::sequence(value.iter().map(|byte| Node::int(*byte))))
    }

    fn serialize_none(self) -> Result<Node, ToNodeError> {
        Ok(Node::null())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Node, ToNodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Node, ToNodeError> {
        Ok(Node::null())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Node, ToNodeError> {
        Ok(Node::null())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Node, ToNodeError> {
        Ok(Node::string(Text::from(variant)))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Node, ToNodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Node, ToNodeError> {
        Ok(within(Some(variant), value.serialize(self)?))
    }

    fn serialize_seq(self, size: Option<usize>) -> Result<Items, ToNodeError> {
        Ok(Building::new(size, None))
    }

    fn serialize_tuple(self, size: usize) -> Result<Items, ToNodeError> {
        Ok(Building::new(Some(size), None))
    }

    fn serialize_tuple_struct(self, _: &'static str, size: usize) -> Result<Items, ToNodeError> {
        Ok(Building::new(Some(size), None))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Items, ToNodeError> {
        Ok(Building::new(Some(size), Some(variant)))
    }

    fn serialize_map(self, size: Option<usize>) -> Result<Entries, ToNodeError> {
        Ok(Building::new(size, None))
    }

    fn serialize_struct(self, _: &'static str, size: usize) -> Result<Entries, ToNodeError> {
        Ok(Building::new(Some(size), None))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        size: usize,
    ) -> Result<Entries, ToNodeError> {
        Ok(Building::new(Some(size), Some(variant)))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<Node, ToNodeError> {
        Ok(Node::string(value.to_string()))
    }
}

/// The four kinds of lists, which differ in the name of one method only.
macro_rules! lists {
    ($($trait:ident :: $method:ident),* $(,)?) => {
        $(impl ser::$trait for Items {
            type Ok = Node;
            type Error = ToNodeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ToNodeError> {
                self.push(value)
            }

            fn end(self) -> Result<Node, ToNodeError> {
                Ok(self.done())
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

impl ser::SerializeMap for Entries {
    type Ok = Node;
    type Error = ToNodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ToNodeError> {
        match key.serialize(ToNode)?.value {
            Value::Scalar(scalar) => self.key = Some(Key::from(scalar.text)),
            Value::Sequence(_) | Value::Mapping(_) => {
                return Err(ToNodeError("the key of a map must be a text".into()));
            }
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ToNodeError> {
        let key = self.key.take().ok_or_else(|| ToNodeError("a value without a key".into()))?;
        self.push(key, value)
    }

    fn end(self) -> Result<Node, ToNodeError> {
        Ok(self.done())
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Node;
    type Error = ToNodeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ToNodeError> {
        self.field(key, value)
    }

    fn end(self) -> Result<Node, ToNodeError> {
        Ok(self.done())
    }
}

impl ser::SerializeStructVariant for Entries {
    type Ok = Node;
    type Error = ToNodeError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), ToNodeError> {
        self.field(key, value)
    }

    fn end(self) -> Result<Node, ToNodeError> {
        Ok(self.done())
    }
}
