use stack_krm::yaml::Node;

use super::tree::{text, texts};

/// A label selector.
pub(super) struct Selector<'a> {
    labels: Vec<(&'a str, &'a str)>,
    expressions: Vec<Expression<'a>>,
}

struct Expression<'a> {
    key: &'a str,
    operator: &'a str,
    values: Vec<&'a str>,
}

impl<'a> Selector<'a> {
    pub(super) fn of_labels(labels: Vec<(&'a str, &'a str)>) -> Self {
        Self { labels, expressions: Vec::new() }
    }

    /// A selector with `matchLabels` and `matchExpressions`.
    pub(super) fn of(node: &'a Node) -> Self {
        let list = node.get("matchExpressions").and_then(Node::as_sequence).unwrap_or_default();
        let expressions = list.iter().filter_map(|expression| {
            let values = expression.get("values").and_then(Node::as_sequence).unwrap_or_default();
            Some(Expression {
                key: text(expression, "key")?,
                operator: text(expression, "operator")?,
                values: values.iter().filter_map(|value| Some(value.as_scalar()?.text.as_str())).collect(),
            })
        });
        Self { labels: texts(node.get("matchLabels")), expressions: expressions.collect() }
    }

    /// An empty selector selects everything.
    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.expressions.is_empty()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> {
        self.labels.iter().map(|(key, _)| *key).chain(self.expressions.iter().map(|expression| expression.key))
    }

    pub(super) fn first_label(&self) -> Option<(&'a str, &'a str)> {
        self.labels.first().copied()
    }

    pub(super) fn label(&self, key: &str) -> Option<&'a str> {
        self.labels.iter().find(|(known, _)| *known == key).map(|(_, value)| *value)
    }

    pub(super) fn fits(&self, labels: &[(&str, &str)]) -> bool {
        let value = |key: &str| labels.iter().find(|(known, _)| *known == key).map(|(_, value)| *value);
        let among =
            |expression: &Expression<'_>| value(expression.key).is_some_and(|found| expression.values.contains(&found));
        self.labels.iter().all(|(key, wanted)| value(key) == Some(wanted))
            && self.expressions.iter().all(|expression| match expression.operator {
                "In" => among(expression),
                "NotIn" => !among(expression),
                "Exists" => value(expression.key).is_some(),
                "DoesNotExist" => value(expression.key).is_none(),
                _ => true,
            })
    }

    pub(super) fn in_words(&self) -> String {
        let labels = self.labels.iter().map(|(key, value)| format!("{key}={value}"));
        let expressions = self
            .expressions
            .iter()
            .map(|expression| format!("{} {} ({})", expression.key, expression.operator, expression.values.join(", ")));
        labels.chain(expressions).collect::<Vec<_>>().join(", ")
    }
}
