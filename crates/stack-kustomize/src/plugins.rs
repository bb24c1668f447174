//! Built-in generators and transformers with a configuration file of their own.

use stack_krm::yaml::Node;
use stack_source::{Diagnostic, Locus};

use self::records::{
    Affix, Annotations, ImageTag, Labels, NamespaceArgs, Operations, Patches, Policy, Replacements, ReplicaCount,
    ValueAdd,
};
use crate::documents::Source;
use crate::error::Result;
use crate::field_specs::{Spec, Specs};
use crate::generate::{Generated, config_map, secret};
use crate::item::Item;
use crate::kustomization::record::{Field, Manner, Reading};
use crate::kustomization::{ConfigMapArgs, FieldSpec, Metadata, Patch, SecretArgs};
use crate::layer::Session;
use crate::load::Place;
use crate::objects::objects;
use crate::pool::Pool;
use crate::provenance::Origin;
use crate::rules::{INVALID_KUSTOMIZATION, UNSUPPORTED};
use crate::transform::each::change_by;
use crate::transform::images::{Images, Rewrite};
use crate::transform::labels::SetEntries;
use crate::transform::name_affix::{End, Lengthen};
use crate::transform::namespace::{Namespace, Subjects};
use crate::transform::patches::Places;
use crate::transform::replacements::Written;
use crate::transform::{patches, patches_json6902, patches_strategic_merge, replacements, replicas};

mod records;
mod value_add;

/// A plugin and where its configuration stands.
struct Plugin<'a, 'p> {
    config: &'p Item,
    place: &'p Place<'a>,
}

type Run = fn(&Plugin<'_, '_>, &mut Pool, &mut Session) -> Result<()>;

/// The transformers by kind.
static TRANSFORMERS: &[(&str, Run)] = &[
    ("AnnotationsTransformer", annotations),
    ("HashTransformer", hashes),
    ("ImageTagTransformer", image_tag),
    ("LabelTransformer", label),
    ("NamespaceTransformer", namespace),
    ("PatchJson6902Transformer", patch_json6902),
    ("PatchStrategicMergeTransformer", patch_strategic_merge),
    ("PatchTransformer", patch),
    ("PrefixSuffixTransformer", prefix_and_suffix),
    ("PrefixTransformer", prefix),
    ("ReplacementTransformer", replacement),
    ("ReplicaCountTransformer", replica_count),
    ("SuffixTransformer", suffix),
    ("ValueAddTransformer", value_add::run),
];

/// The generators by kind.
const GENERATORS: [&str; 3] = ["ConfigMapGenerator", "SecretGenerator", "IAMPolicyGenerator"];

/// The origin of what a plugin makes or changes.
pub(crate) fn origin(config: &Item) -> Option<Origin> {
    match config.provenance.origin.as_deref() {
        Some(Origin::File { path }) => Some(Origin::Plugin {
            configured_in: path.clone(),
            api_version: config.id.gvk.api_version().into(),
            kind: config.id.gvk.kind.clone(),
            name: config.id.name.clone(),
            namespace: config.id.namespace.clone(),
        }),
        _ => None,
    }
}

/// Runs a transformer.
pub(crate) fn transform(config: &Item, place: &Place<'_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let plugin = Plugin { config, place };
    plugin.check_version()?;
    let kind = config.id.gvk.kind.as_str();
    match TRANSFORMERS.iter().find(|(known, _)| *known == kind) {
        Some((_, run)) => run(&plugin, pool, session),
        None => Err(plugin.unknown(TRANSFORMERS.iter().map(|(kind, _)| *kind)).into()),
    }
}

/// Runs a generator.
pub(crate) fn generate(config: &Item, place: &Place<'_>, session: &mut Session) -> Result<Vec<Generated>> {
    let plugin = Plugin { config, place };
    plugin.check_version()?;
    let Metadata { name, namespace, .. } = plugin.metadata(session)?;
    let at = &config.at;
    let of = |key, element| plugin.part(key, element);
    match config.id.gvk.kind.as_str() {
        "ConfigMapGenerator" => {
            let mut args: ConfigMapArgs = plugin.config_as(Manner::InlinedPlugin, session)?;
            plugin.without_env(&mut args.env, session);
            fill(&mut args.name, name);
            fill(&mut args.namespace, namespace);
            config_map(&args, None, place, at, &of).map(|made| vec![made])
        }
        "SecretGenerator" => {
            let mut args: SecretArgs = plugin.config_as(Manner::InlinedPlugin, session)?;
            plugin.without_env(&mut args.env, session);
            fill(&mut args.name, name);
            fill(&mut args.namespace, namespace);
            secret(&args, None, place, at, &of).map(|made| vec![made])
        }
        "IAMPolicyGenerator" => {
            let policy: Policy = plugin.config_as(Manner::InlinedPlugin, session)?;
            policy.generate(at).map(|made| vec![made])
        }
        _ => Err(plugin.unknown(GENERATORS).into()),
    }
}

fn fill(field: &mut String, value: String) {
    if field.is_empty() {
        *field = value;
    }
}

impl Plugin<'_, '_> {
    /// Where the values of the configuration stand.
    fn source(&self) -> Source<'_> {
        match &self.config.at {
            Locus::File { path, .. } if self.config.is_as_read => Source::File(path),
            at => Source::Field(at),
        }
    }

    /// Where a field of the configuration stands.
    fn at(&self, path: &[&str]) -> Locus {
        let node = self.config.node.at(path.iter().copied());
        node.map_or_else(|| self.config.at.clone(), |node| self.config.place_of(node.span))
    }

    /// Where a field of the configuration stands, or an element of its list.
    fn part(&self, key: &'static str, element: Option<usize>) -> Locus {
        let list = self.config.node.get(key).and_then(Node::as_sequence);
        match list.zip(element).and_then(|(list, index)| list.get(index)) {
            Some(node) => self.config.place_of(node.span),
            None => self.at(&[key]),
        }
    }

    /// Where the parts of a patch stand.
    fn places(&self, text: &'static str) -> Places<'_> {
        let of_target = Box::new(|key: &str| self.at(&["target", key]));
        Places { entry: self.config.at.clone(), text: self.at(&[text]), target: self.at(&["target"]), of_target }
    }

    fn check_version(&self) -> Result<()> {
        if self.config.id.gvk.api_version() == "builtin" {
            return Ok(());
        }
        let message = format!("`{}` is a program, and a build runs none", self.config.id);
        Err(Diagnostic::new(&UNSUPPORTED, message)
            .at(self.config.at.clone())
            .help("run it once, keep what it prints in the tree, and list that under `resources`")
            .into())
    }

    fn unknown<'k>(&self, known: impl IntoIterator<Item = &'k str> + Clone) -> Diagnostic {
        let kind = &self.config.id.gvk.kind;
        let help = match stack_source::nearest(kind, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known: {}", known.into_iter().collect::<Vec<_>>().join(", ")),
        };
        Diagnostic::new(&UNSUPPORTED, format!("there is no built-in plugin `{kind}` here"))
            .at(self.config.at.clone())
            .help(help)
    }

    fn refuse<T>(&self, message: &str, help: &str) -> Result<T> {
        Err(Diagnostic::new(&INVALID_KUSTOMIZATION, message).at(self.config.at.clone()).help(help).into())
    }

    fn read<T: Field + Default>(&self, node: Option<&Node>, manner: Manner, session: &mut Session) -> Result<T> {
        let mut reading = Reading::new(self.source(), manner);
        let value = node.and_then(|node| T::read(node, &mut reading)).unwrap_or_default();
        reading.finish(value, &mut session.warnings)
    }

    fn config<T: Field + Default>(&self, session: &mut Session) -> Result<T> {
        self.config_as(Manner::Plugin, session)
    }

    fn config_as<T: Field + Default>(&self, manner: Manner, session: &mut Session) -> Result<T> {
        self.read(Some(&self.config.node), manner, session)
    }

    fn metadata(&self, session: &mut Session) -> Result<Metadata> {
        self.read(self.config.node.get("metadata"), Manner::Plugin, session)
    }

    /// Lets go of the old form of `envs`, which only a kustomization may still use.
    fn without_env(&self, env: &mut String, session: &mut Session) {
        if !env.is_empty() {
            env.clear();
            let at = self.at(&["env"]);
            session.no_effect("kustomize does not read the field `env` here", &at, "write `envs: […]`");
        }
    }
}

fn specs(list: &[FieldSpec]) -> Specs {
    list.iter().map(Spec::from).collect()
}

fn annotations(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: Annotations = plugin.config(session)?;
    change_by(&mut SetEntries::new(&config.annotations, specs(&config.field_specs)), pool, session)
}

fn label(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: Labels = plugin.config(session)?;
    change_by(&mut SetEntries::new(&config.labels, specs(&config.field_specs)), pool, session)
}

#[expect(clippy::unnecessary_wraps, reason = "the table holds functions of one type")]
fn hashes(_: &Plugin<'_, '_>, pool: &mut Pool, _: &mut Session) -> Result<()> {
    crate::build::add_hashes(pool);
    Ok(())
}

fn image_tag(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: ImageTag = plugin.config(session)?;
    let rewrite = Rewrite::new(&config.image_tag, plugin.config.at.clone())?;
    change_by(&mut Images::new(vec![rewrite], specs(&config.field_specs)), pool, session)
}

fn namespace(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: NamespaceArgs = plugin.config(session)?;
    let Metadata { namespace, .. } = plugin.metadata(session)?;
    let subjects = match config.set_role_binding_subjects.as_str() {
        "" | "defaultOnly" => Subjects::Default,
        "allServiceAccounts" => Subjects::AllServiceAccounts,
        "none" => Subjects::None,
        other => {
            let message = format!("`{other}` is no value of `setRoleBindingSubjects`");
            return plugin.refuse(&message, "it may be `defaultOnly`, `allServiceAccounts` or `none`");
        }
    };
    if namespace.is_empty() {
        return Ok(());
    }
    let specs = specs(&config.field_specs);
    let at = plugin.at(&["metadata", "namespace"]);
    Namespace { name: &namespace, specs: &specs, unset_only: config.unset_only, subjects }.set(pool, &at, session)
}

fn prefix(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    affix(plugin, pool, End::Prefix, session)
}

fn prefix_and_suffix(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    prefix(plugin, pool, session)?;
    suffix(plugin, pool, session)
}

fn suffix(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    affix(plugin, pool, End::Suffix, session)
}

fn affix(plugin: &Plugin<'_, '_>, pool: &mut Pool, end: End, session: &mut Session) -> Result<()> {
    let config: Affix = plugin.config_as(Manner::AffixPlugin, session)?;
    if plugin.config.node.get("fieldSpecs").is_none_or(Node::is_null) {
        return plugin.refuse("the plugin needs `fieldSpecs`", "add `fieldSpecs: [{path: metadata/name}]`");
    }
    let text = if end == End::Prefix { &config.prefix } else { &config.suffix };
    change_by(&mut Lengthen::new(text, end, specs(&config.field_specs)), pool, session)
}

fn patch(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: Patch = plugin.config(session)?;
    patches::apply_one(&config, plugin.place, &plugin.places("patch"), pool, session)
}

fn patch_json6902(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let Operations { path, json_op, target } = plugin.config(session)?;
    let config = Patch { path, patch: json_op, target, ..Patch::default() };
    patches_json6902::apply_one(&config, plugin.place, &plugin.places("jsonOp"), pool, session)
}

fn patch_strategic_merge(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: Patches = plugin.config(session)?;
    let at = &plugin.config.at;
    let mut patches = Vec::new();
    for path in &config.paths {
        patches.extend(patches_strategic_merge::load(path, plugin.place, at, session)?);
    }
    if !config.patches.is_empty() {
        let at = plugin.at(&["patches"]);
        let block = plugin.place.block(&config.patches, &at);
        patches.extend(objects(&config.patches, &Source::field(&at, block.as_ref()), session)?);
    }
    patches_strategic_merge::all(&patches, at, pool, session)
}

fn replacement(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: Replacements = plugin.config(session)?;
    let nodes = plugin.config.node.get("replacements").filter(|_| plugin.config.is_as_read).and_then(Node::as_sequence);
    let mut loaded = Vec::new();
    for (index, entry) in config.replacements.into_iter().enumerate() {
        let node = nodes.and_then(|nodes| nodes.get(index)).cloned().unwrap_or_default();
        let written = Written { entry, at: plugin.config.at.clone(), node };
        loaded.extend(replacements::load(written, plugin.place, session)?);
    }
    replacements::replace_all(&loaded, pool, session)
}

fn replica_count(plugin: &Plugin<'_, '_>, pool: &mut Pool, session: &mut Session) -> Result<()> {
    let config: ReplicaCount = plugin.config(session)?;
    replicas::set(pool, &config.replica, &specs(&config.field_specs), &plugin.config.at, session)
}
