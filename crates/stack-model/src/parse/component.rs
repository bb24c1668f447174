use indexmap::IndexMap;
use stack_krm::yaml::{Key, Node};

use super::relation::{plain, to, waiting};
use super::{Fields, Reader, rule};
use crate::Known;
use crate::component::{Auth, Persistence, Route};

/// Keys that only one component has. They shadow the generic ones: `user: postgres` of a PostgreSQL is its superuser.
const OWN_KEYS: [(&str, &str); 9] = [
    ("auth", "redis"),
    ("auth", "openwebui"),
    ("body", "nginx"),
    ("config", "litellm"),
    ("database", "postgres"),
    ("extensions", "postgres"),
    ("persistence", "redis"),
    ("routes", "nginx"),
    ("timeout", "nginx"),
];

const PERSISTENCES: &[(&str, Persistence)] = &[("append-only", Persistence::AppendOnly), ("none", Persistence::None)];

const AUTHS: &[(&str, Auth)] = &[("none", Auth::None), ("password", Auth::Password)];

/// The components to which a key belongs.
pub(super) fn owners(key: &str) -> Vec<&'static str> {
    OWN_KEYS.iter().filter(|(own, _)| *own == key).map(|(_, component)| *component).collect()
}

/// The component of that name, without options.
pub(super) fn component(reader: &mut Reader<'_>, node: &Node) -> Option<Known> {
    let name = &reader.scalar(node, "the name of a component")?;
    let component = Known::named(name);
    if component.is_none() {
        let names = Known::all().map(|known| known.name());
        reader.unknown_word(&rule::UNKNOWN_COMPONENT, node, name, "a component", names.into_iter());
    }
    component
}

/// Reads the keys that are the component's own.
pub(super) fn options(fields: &mut Fields<'_, '_, '_>, component: &mut Known) {
    match component {
        Known::LiteLlm(litellm) => {
            litellm.config = fields.read("config", |reader, node| {
                litellm.config_at = reader.at(node.span);
                reader.text(node)
            });
        }
        Known::Nginx(nginx) => {
            nginx.routes = fields.read("routes", routes).unwrap_or_default();
            nginx.timeout = fields.read("timeout", Reader::seconds);
            nginx.body = fields.read("body", Reader::quantity);
        }
        Known::OpenWebUi(openwebui) => openwebui.auth = fields.read("auth", Reader::flag),
        Known::Postgres(postgres) => {
            postgres.user = fields.read("user", |_, node| node.as_str().map(str::to_owned));
            postgres.database = fields.read("database", Reader::text);
            postgres.extensions = fields.read("extensions", Reader::texts).unwrap_or_default();
        }
        Known::Redis(redis) => {
            redis.persistence =
                fields.read("persistence", |reader, node| reader.word(node, "a kind of persistence", PERSISTENCES));
            redis.auth = fields.read("auth", |reader, node| reader.word(node, "a way to sign in", AUTHS));
        }
        Known::Planned(planned) => {
            for key in planned.keys() {
                let value = fields.read(key, |_, node| Some(node.clone()));
                planned.options.extend(value.map(|value| ((*key).to_owned(), value)));
            }
        }
        Known::Qdrant(_) | Known::R2r(_) | Known::Vespa(_) => {}
    }
}

/// Whether the component takes this value of `user` for an account of its own, not for the container's user.
pub(super) fn takes_user(component: Option<&Known>, node: &Node) -> bool {
    matches!(component, Some(Known::Postgres(_))) && node.as_str().is_some()
}

/// Where nginx leads requests, by path prefix.
fn routes(reader: &mut Reader<'_>, node: &Node) -> Option<IndexMap<String, Route>> {
    reader.map(node, "a map of paths, as `{/api/: api-server}`", route)
}

/// A service, a map that says more of the way to it, or files of the image.
fn route(reader: &mut Reader<'_>, key: &Key, node: &Node) -> Option<Route> {
    if node.as_mapping().is_none() {
        let relation = plain(reader, node)?;
        return Some(Route::Proxy {
            relation: Box::new(relation),
            strip: None,
            buffering: false,
            exact: false,
            cache: true,
        });
    }
    let at = reader.at(key.span);
    let route = reader.fields(node, "a route", |fields| {
        fields.refuse_several(&["files", "to"]);
        if fields.entry("files").is_some() {
            let root = fields.read("files", Reader::text);
            let fallback = fields.read("fallback", Reader::text);
            return Some(Route::Files { root: root?, fallback });
        }
        let target = fields.require("to", Reader::text);
        let strip = fields.read("strip", Reader::text);
        // Without buffering unless asked for: an answer of a model is a stream.
        let buffering = fields.read("buffering", Reader::flag).unwrap_or(false);
        let exact = fields.read("exact", Reader::flag).unwrap_or(false);
        let cache = fields.read("cache", Reader::flag).unwrap_or(true);
        let mut relation = to(target.as_deref().unwrap_or_default(), at);
        waiting(fields, &mut relation);
        target.map(|_| Route::Proxy { relation: Box::new(relation), strip, buffering, exact, cache })
    });
    route.flatten()
}
