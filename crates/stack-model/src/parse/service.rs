use indexmap::IndexMap;
use stack_krm::ConfigKey;
use stack_krm::yaml::Node;
use stack_source::Span;

use super::build::build;
use super::chart::{chart, chart_ports};
use super::component::{component, options, takes_user};
use super::expose::expose;
use super::port::ports;
use super::probe::probes;
use super::relation::uses;
use super::scale::{resources, scale};
use super::secret::keys;
use super::volume::{claim, files, volumes};
use super::workload::{affinity, init, names, schedule, spread, update, when};
use super::{Fields, Reader, rule};
use crate::bounds::LAST_USER;
use crate::{Known, Service, User, Workload};

/// A service of a stack; `key` is the place of its name.
pub(super) fn declared(reader: &mut Reader<'_>, key: Span, node: &Node) -> Option<Service> {
    let service = reader.fields(node, "a service", |fields| {
        let mut component = fields.read("component", component);
        if component.is_none() && fields.has("component") {
            fields.allow_any();
        }
        let service = body(fields, key, &mut component);
        Service { component, ..service }
    })?;
    if let Some(build) = &service.build
        && build.context.is_none()
        && let Some(node) = node.get("build").filter(|node| node.as_mapping().is_some())
    {
        let help = "add `context: FOLDER`, a folder of the package".to_owned();
        reader.fault(&rule::MISSING_KEY, node.span, "a build has no `context`", help);
    }
    Some(service)
}

/// What an overlay says of a service of this component, in the stack's own vocabulary; `key` is the place of its name.
pub fn partial(reader: &mut Reader<'_>, key: Span, node: &Node, of: Option<&Known>) -> Option<Service> {
    reader.fields(node, "a service", |fields| {
        let unset = of.and_then(|known| Known::named(known.name()));
        let mut component = unset.clone();
        let service = body(fields, key, &mut component);
        Service { component: component.filter(|options| Some(options) != unset.as_ref()), ..service }
    })
}

fn body(fields: &mut Fields<'_, '_, '_>, key: Span, component: &mut Option<Known>) -> Service {
    if let Some(component) = component {
        options(fields, component);
    }
    let exposure = fields.read("expose", expose).unwrap_or_default();
    let headless = fields.read("headless", Reader::flag);
    let chart = chart(fields);
    let read_ports = if fields.has("chart") { chart_ports } else { ports };
    let (secret, secret_keys) = fields.read("secret", own_secret).unwrap_or_default();
    fields.refuse_several(&["image", "build"]);
    Service {
        component: None,
        when: when_said(fields),
        chart,
        installed_by: fields.read("installed-by", Reader::text),
        schedule: fields.read("schedule", schedule),
        init: fields.read("init", init).unwrap_or_default(),
        controls: fields.read("controls", controls).unwrap_or_default(),
        update: fields.read("update", update),
        spread: fields.read("spread", spread),
        affinity: fields.read("affinity", affinity),
        gpu: fields.read("gpu", Reader::count),
        selector: fields.read("selector", Reader::template_map).unwrap_or_default(),
        config_map: fields.read("config-map", Reader::name),
        names: fields.read("names", names).unwrap_or_default(),
        secret_keys,
        image: fields.read("image", Reader::template),
        build: fields.read("build", build),
        workload: fields.read("workload", |reader, node| reader.word(node, "a kind of workload", &Workload::words())),
        command: fields.read("command", Reader::templates),
        args: fields.read("args", Reader::templates),
        ports: fields.read("ports", read_ports).unwrap_or_default(),
        env: fields.read("env", Reader::template_map).unwrap_or_default(),
        uses: fields.read("uses", uses).unwrap_or_default(),
        after: fields.read("after", Reader::texts).unwrap_or_default(),
        provides: fields.read("provides", Reader::template_map).unwrap_or_default(),
        withholds: Vec::new(),
        binds: Vec::new(),
        volumes: fields.read("volumes", volumes).unwrap_or_default(),
        data: fields.read("data", Reader::text),
        owned: fields.read("owned", Reader::texts).unwrap_or_default(),
        peers: fields.read("peers", ports).unwrap_or_default(),
        storage: fields.read("storage", claim),
        files: fields.read("files", files).unwrap_or_default(),
        secret,
        secrets: fields.read("secrets", keys).unwrap_or_default(),
        probes: fields.read("probes", probes),
        resources: fields.read("resources", resources),
        replicas: fields.read("replicas", Reader::count),
        scale: fields.read("scale", scale),
        singleton: fields.read("singleton", Reader::text),
        user: user(fields, component.as_ref()),
        writable: fields.read("writable", Reader::text),
        grace: fields.read("grace", Reader::seconds),
        headless: headless.or(exposure.headless.then_some(true)),
        expose: exposure.edges,
        labels: fields.read("labels", Reader::template_map).unwrap_or_default(),
        places: fields.places(),
        at: fields.reader.at(key),
    }
}

/// Whether the stack has it; a value that is absent says no.
fn when_said(fields: &mut Fields<'_, '_, '_>) -> Option<bool> {
    let entry = fields.entry("when")?;
    if fields.reader.is_absent(&entry.value) { Some(false) } else { when(fields.reader, &entry.value) }
}

/// The Secret of its own credentials: `api-keys`, or `{name: api-keys, password: DB_PASSWORD}` where its keys have other names.
fn own_secret(reader: &mut Reader<'_>, node: &Node) -> Option<(Option<String>, IndexMap<String, ConfigKey>)> {
    if node.as_mapping().is_none() {
        return Some((Some(reader.text(node)?), IndexMap::new()));
    }
    let (mut name, mut keys) = (None, IndexMap::new());
    reader.map(node, "a Secret, as `{name: api-keys}`", |reader, key, node| {
        if key.as_str() == "name" {
            name = Some(reader.text(node)?);
        } else {
            keys.insert(key.as_str().to_owned(), reader.name(node)?);
        }
        Some(())
    })?;
    Some((name, keys))
}

/// `{archives-prod: Build}`
fn controls(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, String>> {
    reader.map(node, "a map, as `{archives-prod: Build}`", |reader, _, node| reader.text(node))
}

/// `1000`, or `999:1000` for user and group.
fn user(fields: &mut Fields<'_, '_, '_>, component: Option<&Known>) -> Option<User> {
    let entry = fields.entry("user")?;
    if takes_user(component, &entry.value) {
        return None;
    }
    let text = &fields.reader.scalar(&entry.value, "a user's number")?;
    let (uid, gid) = text.split_once(':').unwrap_or((text, text));
    let number = |text: &str| super::value::whole(text).map(i64::from).filter(|number| *number <= LAST_USER);
    let user = number(uid).zip(number(gid)).map(|(uid, gid)| User { uid, gid });
    if user.is_none() {
        let help = "write `1000`, or `999:1000` for user and group".to_owned();
        let message = format!("`{text}` is no number of a user");
        fields.reader.fault(&rule::INVALID_NUMBER, entry.value.span, message, help);
    }
    user
}
