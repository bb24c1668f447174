//! `vars`: values that are put in place of `$(NAME)`.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use stack_krm::yaml::{Node, Scalar, Style, Tag, Text, Value};
use stack_krm::{Gvk, ResourceId};
use stack_source::{Diagnostic, Locus};

use crate::budget::{Budget, NODE};
use crate::error::Result;
use crate::field_path::{DeadEnd, Make, walk};
use crate::field_specs::Spec;
use crate::item::Item;
use crate::kustomization::Variable;
use crate::layer::{Session, dead_end};
use crate::pool::Pool;
use crate::rules::VARIABLE;
use crate::shared::BARE;
use crate::transform::replacements::path::{find, parts};

use self::mention::Mention;

mod mention;

/// The variables of a build, by name, each with its place.
pub(crate) type Variables = BTreeMap<String, (Variable, Locus)>;

fn refuse(message: String, at: &Locus) -> Diagnostic {
    Diagnostic::new(&VARIABLE, message).at(at.clone())
}

/// Takes variables over, and marks the objects that they take their values from while these can still be found by name.
pub(crate) fn declare(
    pool: &mut Pool,
    known: &mut Variables,
    more: impl IntoIterator<Item = (Variable, Locus)>,
) -> Result<()> {
    for (variable, at) in more {
        let target = &variable.objref;
        let gvk = if target.api_version.is_empty() {
            Gvk::new(&target.group, &target.version, &target.kind)
        } else {
            // An `apiVersion` without a group leaves the `group` beside it.
            let named = Gvk::from_api_version(&target.api_version, target.kind.as_str());
            if target.api_version.contains('/') { named } else { Gvk { group: target.group.as_str().into(), ..named } }
        };
        let id = ResourceId::new(gvk, &target.namespace, &target.name);
        let places: Vec<usize> = if target.namespace.is_empty() {
            // Without a namespace, any is meant.
            let places = pool.named(&id.name);
            places.into_iter().filter(|place| pool_has(pool.items(), *place, &id)).collect()
        } else {
            // Kustomize does not know here which kinds have no namespace, and looks for them in the one that is given.
            let places = pool.ever(&id).into_iter();
            places.filter(|place| !pool.items()[*place].id.is_cluster_scoped()).collect()
        };
        match places.as_slice() {
            [] => {}
            [place] => pool.item_mut(*place).variables.push(Text::from(&variable.name)),
            several => {
                let message = format!("the variable `{}` may mean {} objects", variable.name, several.len());
                return Err(refuse(message, &at).help("add `objref.namespace`").into());
            }
        }
        add(known, variable, at)?;
    }
    Ok(())
}

fn pool_has(items: &[Item], place: usize, wanted: &ResourceId) -> bool {
    items.get(place).is_some_and(|item| item.ids().any(|id| id.name == wanted.name && id.gvk == wanted.gvk))
}

/// Takes over the variables of a base.
pub(crate) fn inherit(known: &mut Variables, more: Variables) -> Result<()> {
    more.into_values().try_for_each(|(variable, at)| add(known, variable, at))
}

fn add(known: &mut Variables, variable: Variable, at: Locus) -> Result<()> {
    if let Some((_, first)) = known.get(&variable.name) {
        let message = format!("the variable `{}` is defined twice", variable.name);
        return Err(refuse(message, &at).related(first.clone(), "it is here already").into());
    }
    known.insert(variable.name.clone(), (variable, at));
    Ok(())
}

/// Puts the values in.
pub(crate) fn resolve(pool: &mut Pool, variables: &Variables, specs: &[Spec], session: &mut Session) -> Result<()> {
    let mut named: BTreeMap<&str, &Item> = BTreeMap::new();
    for item in pool.items() {
        for name in &item.variables {
            named.entry(name).or_insert(item);
        }
    }
    let mut values = IndexMap::new();
    for (name, (variable, at)) in variables {
        let value = match value(named.get(name.as_str()).copied(), variable, at)? {
            Found::Value(value) => Some(value),
            Found::Other(what) => {
                let message = format!("the variable `{name}` is put nowhere: {what}");
                session.no_effect(message, at, "name a field in it that has one value");
                None
            }
        };
        values.insert(name.as_str(), (value, 0));
    }
    if values.is_empty() {
        return Ok(());
    }
    let mut values = Values { by_name: values, budget: &mut session.budget };
    for item in pool.items_mut() {
        for spec in specs {
            if item.id.gvk.is_selected_by(&spec.gvk) {
                walk(&mut item.node, &spec.steps, Make::Nothing, &mut |node| fill(node, &mut values))
                    .map_err(|error| dead_end(&error, &spec.path, item))?;
                item.mend_shared();
            }
        }
    }
    let unused: Vec<&str> = values
        .by_name
        .into_iter()
        .filter(|(_, (value, uses))| *uses == 0 && value.is_some())
        .map(|(name, _)| name)
        .collect();
    if unused.is_empty() {
        return Ok(());
    }
    let mentions = Mention::all(pool.items());
    for name in unused {
        if let Some((_, at)) = variables.get(name) {
            let help = mention::help(name, &mentions, |other| variables.contains_key(other));
            session.no_effect(format!("nothing uses the variable `{name}`"), at, &help);
        }
    }
    Ok(())
}

/// What a variable stands for.
enum Found {
    Value(Scalar),
    /// A list or a map, which kustomize does not put in: what it is, in words.
    Other(String),
}

/// The value of a variable, by the object that it takes it from.
fn value(item: Option<&Item>, variable: &Variable, at: &Locus) -> Result<Found> {
    let Some(item) = item else {
        let message = format!("no object is what the variable `{}` takes its value from", variable.name);
        return Err(refuse(message, at).help("mend `objref`").into());
    };
    let path = if variable.fieldref.field_path.is_empty() { "metadata.name" } else { &variable.fieldref.field_path };
    let steps: Vec<String> = parts(path).into_iter().flat_map(|part| with_index(&part)).collect();
    let found = find(&item.node, &steps).map_err(|why| refuse(format!("`{path}` of `{}`: {why}", item.id), at))?;
    let Some(node) = found else {
        let message = format!("`{}` has no field `{path}`", item.id);
        return Err(refuse(message, at).related(item.at.clone(), "the object").into());
    };
    let Value::Scalar(scalar) = &node.value else {
        return Ok(Found::Other(format!("`{path}` of `{}` is {}", item.id, node.kind())));
    };
    if node.span == BARE {
        return Ok(Found::Value(Scalar::string(scalar.text.clone())));
    }
    scalar_value(scalar).map(Found::Value).ok_or_else(|| {
        let message = format!(
            "the variable `{}` takes its value from `{}`, which is no number in Go",
            variable.name, scalar.text
        );
        refuse(message, at).related(item.at.clone(), "the object").help("write the number plainly, or in quotes").into()
    })
}

/// A value as Go reads and writes it. Kustomize takes no other numbers than Go's `Atoi` and `ParseFloat` do, and whatever is no
/// number and no boolean is text.
fn scalar_value(scalar: &Scalar) -> Option<Scalar> {
    let (tag, text) = match scalar.tag {
        Tag::Int => (Tag::Int, scalar.text.parse::<i64>().ok()?.to_string().into()),
        Tag::Float => {
            (Tag::Float, scalar.text.parse::<f64>().ok().filter(|value| value.is_finite())?.to_string().into())
        }
        Tag::Bool => (Tag::Bool, Text::from(if scalar.as_bool()? { "true" } else { "false" })),
        _ => (Tag::Str, scalar.text.clone()),
    };
    Some(Scalar { text, tag, style: Style::Plain })
}

/// `ports[0]` is the field `ports` and its element 0.
fn with_index(part: &str) -> Vec<String> {
    let index = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match index {
        Some((field, index)) if index.bytes().all(|byte| byte.is_ascii_digit()) && !index.is_empty() => {
            [field, index].into_iter().filter(|part| !part.is_empty()).map(str::to_owned).collect()
        }
        _ => vec![part.to_owned()],
    }
}

/// The values of variables, each with how often it was used.
struct Values<'v, 'b> {
    by_name: IndexMap<&'v str, (Option<Scalar>, usize)>,
    budget: &'b mut Budget,
}

impl Values<'_, '_> {
    /// A value to put in; nothing where no variable has this name.
    fn put_in(&mut self, name: &str) -> Result<Option<&Scalar>, String> {
        let Some((Some(value), uses)) = self.by_name.get_mut(name) else { return Ok(None) };
        self.budget.spend(NODE + value.text.len())?;
        *uses += 1;
        Ok(Some(value))
    }
}

/// What has no type yet becomes a text where variables are looked for.
fn typed(node: &mut Node) -> &mut Node {
    if let Value::Scalar(scalar) = &mut node.value
        && node.span == BARE
    {
        scalar.tag = Tag::Str;
        node.span = stack_source::Span::default();
    }
    node
}

fn fill(node: &mut Node, values: &mut Values<'_, '_>) -> Result<(), DeadEnd> {
    match &mut typed(node).value {
        Value::Scalar(_) => expand(node, values),
        Value::Mapping(map) if map.get("<<").is_some() => {
            Err(DeadEnd::because(node, "a map here cannot merge one that merges another".to_owned()))
        }
        Value::Mapping(map) => map.entries.iter_mut().try_for_each(|entry| expand(typed(&mut entry.value), values)),
        Value::Sequence(list) => list.iter_mut().try_for_each(|node| match &typed(node).value {
            Value::Scalar(scalar) if scalar.tag == Tag::Str => expand(node, values),
            _ => Err(DeadEnd::because(node, format!("expected a string, found {}", node.kind()))),
        }),
    }
}

/// A text that is one variable becomes its value, of whatever kind; in others the values are put in as text.
fn expand(node: &mut Node, values: &mut Values<'_, '_>) -> Result<(), DeadEnd> {
    match &mut node.value {
        Value::Scalar(scalar) if scalar.tag == Tag::Str => {
            expand_scalar(scalar, values).map_err(|why| DeadEnd::because(node, why))
        }
        _ => Ok(()),
    }
}

fn expand_scalar(scalar: &mut Scalar, values: &mut Values<'_, '_>) -> Result<(), String> {
    scalar.style = Style::Plain;
    let text = scalar.text.as_str();
    if !text.contains('$') {
        return Ok(());
    }
    if let Some(name) = text.strip_prefix("$(").and_then(|rest| rest.strip_suffix(')'))
        && !name.contains(')')
        && let Some(value) = values.put_in(name)?
    {
        *scalar = value.clone();
        return Ok(());
    }
    let text = expanded(text, values)?;
    scalar.text = text.into();
    Ok(())
}

fn expanded(text: &str, values: &mut Values<'_, '_>) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // Behind the last bracket none needs to be looked for.
    let end = text.rfind(')').map_or(0, |last| last + 1);
    let is_inside = |rest: &&str| text.len() - rest.len() < end;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(behind) = rest.strip_prefix('$') {
            out.push('$');
            rest = behind;
        } else if let Some((name, behind)) =
            rest.strip_prefix('(').filter(is_inside).and_then(|rest| rest.split_once(')'))
        {
            if let Some(value) = values.put_in(name)? {
                // Inside a text Go writes floats as YAML does: `1e+06`.
                match value.tag {
                    Tag::Float => out.push_str(&value.through_json().text),
                    _ => out.push_str(&value.text),
                }
            } else {
                out.push_str("$(");
                out.push_str(name);
                out.push(')');
            }
            rest = behind;
        } else {
            out.push('$');
        }
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;
    use stack_krm::yaml::Scalar;

    use super::{Values, expanded};
    use crate::budget::Budget;

    #[test]
    fn only_closed_brackets_hold_a_variable() {
        for (text, expected) in [
            ("$(A)-$(A)", Ok("x-x")),
            ("$(A)$(", Ok("x$(")),
            ("$(A$(A)$(A", Ok("$(A$(A)$(A")),
            ("$$(A)$$(A$", Ok("$(A)$(A$")),
            ("$(B)$(A)$(A)$(A)", Err(())),
        ] {
            let by_name = IndexMap::from([("A", (Some(Scalar::string("x")), 0))]);
            let mut budget = Budget::new(70);
            let found = expanded(text, &mut Values { by_name, budget: &mut budget });
            assert_eq!(found.as_deref().map_err(drop), expected, "{text}");
        }
    }
}
