use serde::ser::{Error as _, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

use super::canonical::{Canonical, canonical};
use super::{Node, Scalar, Value};

/// The tree as JSON and the like hold it: numbers by value, dates as RFC 3339 texts.
impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.value {
            Value::Scalar(scalar) => scalar.serialize(serializer),
            Value::Sequence(nodes) => {
                let mut list = serializer.serialize_seq(Some(nodes.len()))?;
                for node in nodes {
                    list.serialize_element(node)?;
                }
                list.end()
            }
            Value::Mapping(mapping) => {
                let mut map = serializer.serialize_map(Some(mapping.len()))?;
                for (key, value) in mapping.iter() {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl Serialize for Scalar {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match canonical(self).map_err(S::Error::custom)? {
            Canonical::Null => serializer.serialize_unit(),
            Canonical::Bool(value) => serializer.serialize_bool(value),
            Canonical::Int(value) => serializer.serialize_i64(value),
            Canonical::Unsigned(value) => serializer.serialize_u64(value),
            Canonical::Float(value) => serializer.serialize_f64(value),
            Canonical::Text(text) => serializer.serialize_str(&text),
        }
    }
}
