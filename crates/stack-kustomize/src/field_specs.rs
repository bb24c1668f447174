//! Which fields the transformers change: kustomize's tables, and what `configurations` and `crds` add to them.

use std::sync::{Arc, LazyLock};

use stack_krm::yaml::Text;
use stack_krm::{Gvk, Order};
use stack_source::{Diagnostic, Locus};

use crate::depth;
use crate::error::Result;
use crate::field_path::{Step, steps};
use crate::id_map::{FEW, IdMap};
use crate::kustomization::FieldSpec;
use crate::rules::CONFIGURATION;

mod annotations;
mod configuration;
mod definitions;
mod labels;
mod name_references;
mod namespaces;
mod naming;
mod pods;
mod unfollowed;
mod variables;

pub(crate) use configuration::read;
pub(crate) use definitions::read_definitions;
pub(crate) use naming::named_kind;

/// Group, version, kind, path, and whether the field is made where it is missing. An empty part of the type stands for any.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const CREATE: bool = true;
const FIND: bool = false;

/// A field of objects of some type.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) gvk: Gvk,
    pub(crate) path: Text,
    pub(crate) steps: Vec<Step>,
    pub(crate) create: bool,
}

/// A list of fields.
pub(crate) type Specs = Vec<Spec>;

impl Spec {
    pub(crate) fn new(gvk: Gvk, path: impl Into<Text>, create: bool) -> Self {
        let path = path.into();
        let steps = steps(&path);
        Self { gvk, path, steps, create }
    }

    fn of_row(&(group, version, kind, path, create): &Row) -> Self {
        Self::new(Gvk::new(group, version, kind), path, create)
    }
}

impl From<&FieldSpec> for Spec {
    fn from(spec: &FieldSpec) -> Self {
        Self::new(Gvk::new(&spec.group, &spec.version, &spec.kind), &spec.path, spec.create)
    }
}

/// The fields that each transformer changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Configuration {
    pub(crate) name_prefix: Specs,
    pub(crate) name_suffix: Specs,
    pub(crate) namespace: Specs,
    pub(crate) common_labels: Specs,
    pub(crate) labels: Specs,
    pub(crate) template_labels: Specs,
    pub(crate) common_annotations: Specs,
    pub(crate) name_reference: Vec<(Gvk, Specs)>,
    pub(crate) var_reference: Specs,
    pub(crate) images: Specs,
    pub(crate) replicas: Specs,
}

/// What kustomize knows by itself.
static DEFAULT: LazyLock<Arc<Configuration>> = LazyLock::new(|| {
    let table = |rows: &[Row]| rows.iter().map(Spec::of_row).collect::<Specs>();
    let name = || vec![Spec::new(Gvk::default(), Text::from("metadata/name"), FIND)];
    let references = name_references::NAME_REFERENCES
        .iter()
        .map(|(group, version, kind, rows)| (Gvk::new(*group, *version, *kind), table(rows)));
    let mut configuration = Configuration {
        name_prefix: name(),
        name_suffix: name(),
        namespace: table(namespaces::NAMESPACE),
        common_labels: [table(labels::SELECTORS), table(labels::TEMPLATES)].concat(),
        labels: Specs::new(),
        template_labels: table(labels::TEMPLATES),
        common_annotations: table(annotations::ANNOTATIONS),
        name_reference: references.collect(),
        var_reference: table(variables::VARIABLES),
        images: table(pods::IMAGES),
        replicas: table(pods::REPLICAS),
    };
    configuration.sort();
    Arc::new(configuration)
});

impl Configuration {
    /// What kustomize knows by itself.
    pub(crate) fn built_in() -> Arc<Self> {
        Arc::clone(&DEFAULT)
    }

    /// The fields that name other objects and that kustomize does not know.
    pub(crate) fn unfollowed() -> &'static Self {
        static UNFOLLOWED: LazyLock<Configuration> = LazyLock::new(unfollowed::unfollowed);
        &UNFOLLOWED
    }

    /// Whether it is what kustomize knows by itself, and nothing more.
    pub(crate) fn is_built_in(self: &Arc<Self>) -> bool {
        Arc::ptr_eq(self, &DEFAULT)
    }

    /// Takes over what another configuration adds. `at` is the place to blame.
    pub(crate) fn merge(&mut self, other: &Self, at: &Locus) -> Result<()> {
        let lists = [
            (&mut self.name_prefix, &other.name_prefix),
            (&mut self.name_suffix, &other.name_suffix),
            (&mut self.namespace, &other.namespace),
            (&mut self.common_labels, &other.common_labels),
            (&mut self.labels, &other.labels),
            (&mut self.template_labels, &other.template_labels),
            (&mut self.common_annotations, &other.common_annotations),
            (&mut self.var_reference, &other.var_reference),
            (&mut self.images, &other.images),
            (&mut self.replicas, &other.replicas),
        ];
        for (specs, more) in lists {
            check_depth(more, at)?;
            merge_all(specs, more, at)?;
        }
        let mut places: IdMap<Gvk, Vec<usize>> = IdMap::default();
        for (place, (gvk, _)) in self.name_reference.iter().enumerate() {
            places.entry(gvk.clone()).or_default().push(place);
        }
        for (gvk, more) in &other.name_reference {
            check_depth(more, at)?;
            let places = places.entry(gvk.clone()).or_default();
            for place in &*places {
                merge_all(&mut self.name_reference[*place].1, more, at)?;
            }
            if places.is_empty() {
                places.push(self.name_reference.len());
                self.name_reference.push((gvk.clone(), more.clone()));
            }
        }
        self.sort();
        Ok(())
    }

    fn sort(&mut self) {
        let order = Order::legacy();
        let key = |gvk: &Gvk| (order.rank(&gvk.kind), sort_text(gvk));
        let lists = [
            &mut self.name_prefix,
            &mut self.name_suffix,
            &mut self.namespace,
            &mut self.common_labels,
            &mut self.labels,
            &mut self.template_labels,
            &mut self.common_annotations,
            &mut self.var_reference,
            &mut self.images,
            &mut self.replicas,
        ];
        for specs in lists {
            specs.sort_by_cached_key(|spec| key(&spec.gvk));
        }
        self.name_reference.sort_by_cached_key(|(gvk, _)| key(gvk));
    }
}

fn sort_text(gvk: &Gvk) -> String {
    let or = |text: &Text, absent: &'static str| if text.is_empty() { absent.to_owned() } else { text.to_string() };
    format!("{}_{}_{}", or(&gvk.group, "~G"), or(&gvk.version, "~V"), or(&gvk.kind, "~K"))
}

/// The fields that name objects become a tree, which must be no deeper than the objects.
fn check_depth(specs: &[Spec], at: &Locus) -> Result<()> {
    let longest = specs.iter().map(|spec| spec.steps.len()).max().unwrap_or_default();
    depth::check_levels(longest).map_err(|why| {
        let message = format!("a field spec has a path of {longest} parts: {why}");
        Diagnostic::new(&CONFIGURATION, message).at(at.clone()).help("shorten the path").into()
    })
}

/// Adds specs that are not there. What is there counts for a new one where its path is the same and its type is selected by the
/// new one's type: so a spec for one kind hides a later one for all kinds, as in kustomize.
pub(crate) fn merge_all(specs: &mut Specs, more: &[Spec], at: &Locus) -> Result<()> {
    if more.len() <= FEW {
        return more.iter().try_for_each(|spec| merge_one(specs, spec, at));
    }
    let mut index: IdMap<(Text, Gvk), usize> = IdMap::default();
    let note = |index: &mut IdMap<_, _>, spec: &Spec, place| {
        for selector in selectors(&spec.gvk) {
            index.entry((spec.path.clone(), selector)).or_insert(place);
        }
    };
    for (place, spec) in specs.iter().enumerate() {
        note(&mut index, spec, place);
    }
    for spec in more {
        if let Some(place) = index.get(&(spec.path.clone(), spec.gvk.clone())) {
            check_create(&specs[*place], spec, at)?;
        } else {
            note(&mut index, spec, specs.len());
            specs.push(spec.clone());
        }
    }
    Ok(())
}

/// Whatever selects a type: some of its parts.
fn selectors(gvk: &Gvk) -> impl Iterator<Item = Gvk> {
    (0..8).map(|parts| {
        let part = |nth: u32, text: &Text| if parts >> nth & 1 == 1 { text.clone() } else { Text::EMPTY };
        Gvk { group: part(0, &gvk.group), version: part(1, &gvk.version), kind: part(2, &gvk.kind) }
    })
}

pub(crate) fn merge_one(specs: &mut Specs, spec: &Spec, at: &Locus) -> Result<()> {
    let known = specs.iter().find(|known| known.path == spec.path && known.gvk.is_selected_by(&spec.gvk));
    if let Some(known) = known {
        return check_create(known, spec, at);
    }
    specs.push(spec.clone());
    Ok(())
}

fn check_create(known: &Spec, spec: &Spec, at: &Locus) -> Result<()> {
    if known.create == spec.create {
        return Ok(());
    }
    let message = format!("the field spec `{}` is there both with and without `create`", spec.path);
    let help = "give both the same value of `create`";
    Err(Diagnostic::new(&CONFIGURATION, message).at(at.clone()).help(help).into())
}

#[cfg(test)]
mod tests {
    use stack_krm::Gvk;
    use stack_source::Locus;

    use super::{Spec, Specs, merge_all, merge_one};

    #[test]
    fn many_specs_are_merged_as_few_are() {
        let part = |count: usize, nth: usize| ["", "a", "b"][nth / count % 3];
        let gvk = |nth| Gvk::new(part(1, nth), part(3, nth), part(9, nth));
        let specs = |start: usize| -> Specs {
            (0..54).map(|nth| Spec::new(gvk(start + nth * 7), ["a/b", "a"][nth / 27], false)).collect()
        };
        for start in 0..27 {
            let mut one: Specs = specs(start).into_iter().step_by(5).collect();
            let mut other = one.clone();
            merge_all(&mut one, &specs(start + 3), &Locus::Derived).unwrap();
            specs(start + 3).iter().try_for_each(|spec| merge_one(&mut other, spec, &Locus::Derived)).unwrap();
            let said =
                |specs: &Specs| specs.iter().map(|spec| (spec.gvk.clone(), spec.path.clone())).collect::<Vec<_>>();
            assert_eq!(said(&one), said(&other));
            let mut changed = specs(start);
            changed[40].create = true;
            merge_all(&mut one, &changed, &Locus::Derived).unwrap_err();
        }
    }
}
