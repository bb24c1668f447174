//! `docs/stack-yaml.md` says what the program does: its examples are packages without a fault, its tables hold the keys that the
//! parser knows, no more and no fewer, and its components are as they are.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use kstack::{Console, Exit, Surroundings};
use stack_model::parse::rule::UNKNOWN_KEY;
use stack_model::{Known, Service};
use stack_source::{FileTree, Report, TreePath};

const REFERENCE: &str = include_str!("../../../docs/stack-yaml.md");

/// Files of a package that examples name.
const FILES: [(&str, &str); 2] =
    [("web/Dockerfile", "FROM registry.example.com/base:1.0.0\n"), ("litellm/config.yaml", "model_list: []\n")];

/// A key of no map: the parser answers with those that it knows there.
const UNKNOWN: &str = "a-key-that-no-map-of-the-language-knows";

/// A file of which a part is given; `?` is [`UNKNOWN`] with a value.
#[derive(Clone, Copy, Debug)]
enum In<'a> {
    Stack(&'a str),
    Service(&'a str),
    Overlay(&'a str),
}

use In::{Overlay, Service as OfService, Stack};

/// A section, what stands before the `:` of its keys, and where the parser knows them.
const MAPS: [(&str, &str, &[In<'static>]); 29] = [
    ("A stack", "", &[Stack("?")]),
    ("A stack", "externals", &[Stack("externals: {a: {?}}")]),
    ("Values", "", &[Stack("values: {a: {?}}")]),
    ("Cluster", "", &[Stack("cluster: {?}"), Overlay("cluster: {?}")]),
    ("A service", "", &[OfService("?")]),
    ("A service", "resources", &[OfService("resources: {?}")]),
    ("A service", "scale", &[OfService("scale: {?}")]),
    ("A service", "up", &[OfService("scale: {up: {?}}"), OfService("scale: {down: {?}}")]),
    ("A service", "update", &[OfService("update: {?}")]),
    ("A service", "names", &[OfService("names: {?}")]),
    ("A service", "files", &[OfService("files: {/a: {?}}")]),
    ("A build", "", &[OfService("build: {?}")]),
    ("A build", "sync", &[OfService("build: {sync: {a: {?}}}")]),
    ("A step", "", &[OfService("init: {a: {?}}")]),
    ("Probes", "", &[OfService("probes: {?}")]),
    (
        "Probes",
        "live",
        &[OfService("probes: {live: {?}}"), OfService("probes: {ready: {?}}"), OfService("probes: {start: {?}}")],
    ),
    ("An edge", "", &[OfService("uses: {a: {?}}"), OfService("uses: [{a: {?}}]")]),
    ("A volume", "", &[OfService("storage: {?}"), OfService("volumes: {/a: {?}}")]),
    ("A way from outside", "", &[OfService("expose: {?}"), OfService("expose: [{?}]")]),
    ("A way from outside", "ingress", &[OfService("expose: {ingress: {?}}")]),
    ("An overlay", "", &[Overlay("?")]),
    ("An overlay", "pull", &[Overlay("pull: {?}")]),
    ("An overlay", "images", &[Overlay("images: {?}")]),
    ("An overlay", "patches", &[Overlay("patches: [{?}]")]),
    ("An overlay", "target", &[Overlay("patches: [{target: {?}}]")]),
    (REFUSED, "namespaces", &[Stack("namespaces: {a: {?}}")]),
    (REFUSED, "chart", &[OfService("chart: {?}")]),
    (REFUSED, "port of a chart", &[OfService("chart: {}, ports: {a: {?}}")]),
    (REFUSED, "client", &[OfService("uses: {a: {client: {?}}}")]),
];

const REFUSED: &str = "What this version refuses";

/// A map whose keys depend on others of it: what it knows beside is that of any service.
const BESIDE: In = OfService("chart: {}, ?");

/// Ways of a route: each has keys that the other has not.
const ROUTES: [In<'static>; 2] =
    [OfService("component: nginx, routes: {/: {?}}"), OfService("component: nginx, routes: {/: {files: /a, ?}}")];

impl In<'_> {
    /// What the parser says of the file, with this in place of `?`.
    fn parsed(self, said: &str) -> Report {
        let path = |text: &str| TreePath::new(text).unwrap();
        let mut files = FileTree::new();
        let mut stack = |text: &str| {
            files.insert(path("stack.yaml"), text);
            stack_model::parse(&files, &path("stack.yaml"))
        };
        match self {
            Stack(text) => stack(&format!("stack: s\n{}\n", text.replace('?', said))).err().unwrap_or_default(),
            OfService(text) => stack(&format!("stack: s\nservices: {{web: {{{}}}}}\n", text.replace('?', said)))
                .err()
                .unwrap_or_default(),
            Overlay(text) => {
                let stack = stack("stack: s\nservices: {web: {image: web:1}}\n").unwrap();
                files.insert(path("overlays/a.yaml"), format!("overlay: a\n{}\n", text.replace('?', said)));
                stack_overlay::parse(&files, &path("overlays/a.yaml"), &stack).err().unwrap_or_default()
            }
        }
    }

    /// The keys that the parser knows in the map that holds `?`.
    fn keys(self) -> BTreeSet<String> {
        let report = self.parsed(&format!("{UNKNOWN}: 1"));
        let mut maps = maps(&report).into_values();
        maps.next().unwrap_or_else(|| panic!("{self:?}: {report}"))
    }
}

/// Maps that refuse [`UNKNOWN`], and the keys that each knows.
fn maps(report: &Report) -> BTreeMap<String, BTreeSet<String>> {
    let refusal = format!("`{UNKNOWN}` is no key of ");
    let unknown = report.iter().filter(|fault| *fault.rule == UNKNOWN_KEY);
    unknown
        .filter_map(|fault| {
            let map = fault.message.strip_prefix(&refusal)?;
            let (_, keys) = fault.help.as_ref().unwrap().split_once(" are ").unwrap();
            Some((map.to_owned(), quoted(keys).map(str::to_owned).collect()))
        })
        .collect()
}

/// What stands in backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The keys of all tables headed `key`, by their section and what stands before their `:`.
fn documented() -> BTreeMap<(&'static str, &'static str), BTreeSet<String>> {
    let mut documented: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    let (mut section, mut of_keys) = ("", false);
    for line in REFERENCE.lines() {
        if let Some((_, heading)) = line.split_once("# ").filter(|(level, _)| level.chars().all(|c| c == '#')) {
            section = heading;
        }
        let Some((first, _)) = line.strip_prefix('|').and_then(|row| row.split_once('|')) else {
            of_keys = false;
            continue;
        };
        of_keys |= first.trim() == "key";
        for key in quoted(first).filter(|_| of_keys) {
            let (of, key) = key.split_once(": ").unwrap_or(("", key));
            assert!(documented.entry((section, of)).or_default().insert(key.to_owned()), "`{key}` twice in {section}");
        }
    }
    documented
}

/// Components that this version does not write, and their own keys, as the last section lists them.
fn planned() -> BTreeMap<&'static str, BTreeSet<String>> {
    let (_, list) = REFERENCE.split_once("Planned components, each with its own keys: ").unwrap();
    let component = |text: &'static str| {
        let mut names = quoted(text);
        (names.next().unwrap(), names.map(str::to_owned).collect())
    };
    list.lines().next().unwrap().split(", ").map(component).collect()
}

/// The packages of the examples: a stack, and the overlays that follow it.
fn packages() -> Vec<Vec<&'static str>> {
    let mut packages: Vec<Vec<&str>> = Vec::new();
    for block in REFERENCE.split("```yaml\n").skip(1) {
        let file = block.split_once("```").unwrap().0;
        match packages.last_mut() {
            Some(package) if file.starts_with("overlay: ") => package.push(file),
            _ => packages.push(vec![file]),
        }
    }
    packages
}

#[test]
fn examples_are_packages_without_a_fault() {
    for package in packages() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        for (path, text) in FILES {
            write(path, text);
        }
        write("stack.yaml", package[0]);
        for overlay in &package[1..] {
            let name = overlay.lines().next().unwrap().strip_prefix("overlay: ").unwrap();
            write(&format!("overlays/{name}.yaml"), overlay);
        }
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let surroundings = Surroundings::in_folder(folder.path());
        let exit = kstack::run(["check"], &surroundings, &mut Console::new(&mut out, &mut err));
        assert_eq!((String::from_utf8(err).unwrap().as_str(), exit), ("", Exit::Good), "{}", package[0]);
    }
}

#[test]
fn tables_hold_the_keys_that_the_parser_knows() {
    let mut documented = documented();
    let mut take = |section, of| documented.remove(&(section, of)).unwrap_or_default();
    for (section, of, maps) in MAPS {
        let told = take(section, of);
        for map in maps {
            assert_eq!(told, map.keys(), "{section}, `{of}`");
        }
    }
    own_keys(REFUSED, "beside chart", &take(REFUSED, "beside chart"), BESIDE);
    for component in Known::all().map(|known| known.name()) {
        let map = format!("component: {component}, ?");
        own_keys("Components", component, &take("Components", component), OfService(&map));
    }
    let routes: BTreeSet<String> = ROUTES.into_iter().flat_map(In::keys).collect();
    assert_eq!(take("Components", "routes"), routes);
    assert_eq!(documented, BTreeMap::new(), "keys of maps that this test does not know");
    let mut changes = Overlay("services: {web: {?}}").keys();
    assert!(changes.insert("component".to_owned()));
    assert_eq!(changes, OfService("?").keys(), "Changes of services");
}

/// What is told of a map that knows the keys of any service too: its own keys all, and others where they mean something else.
#[track_caller]
fn own_keys(section: &str, of: &str, told: &BTreeSet<String>, map: In) {
    let (known, of_service) = (map.keys(), OfService("?").keys());
    assert!(told.is_subset(&known), "{section}, `{of}`: {told:?}");
    let own: BTreeSet<String> = known.difference(&of_service).cloned().collect();
    assert!(own.is_subset(told), "{section}, `{of}`: {own:?}");
}

#[test]
fn planned_components_are_read_with_their_own_keys() {
    for (component, told) in planned() {
        let map = format!("component: {component}, ?");
        let own: BTreeSet<String> = OfService(&map).keys().difference(&OfService("?").keys()).cloned().collect();
        assert_eq!(told, own, "{component}");
    }
}

// A map that a key gets is found below that key, by a name in it or in a list of it.
#[test]
fn every_map_of_the_language_has_its_keys_in_a_table() {
    let components = Known::all().map(|known| format!("component: {}, ?", known.name()));
    let tables = MAPS.into_iter().flat_map(|(.., maps)| maps).copied();
    let tables: Vec<In> =
        tables.chain(ROUTES).chain([BESIDE]).chain(components.iter().map(|text| OfService(text))).collect();
    let unknown = format!("{UNKNOWN}: 1");
    let told: BTreeSet<String> = tables.iter().flat_map(|map| maps(&map.parsed(&unknown)).into_keys()).collect();
    for map in &tables {
        for key in map.keys() {
            let below = [format!("{{{unknown}}}"), format!("{{a: {{{unknown}}}}}"), format!("[{{{unknown}}}]")];
            for value in below {
                let found = maps(&map.parsed(&format!("{key}: {value}")));
                let untold: Vec<_> = found.into_keys().filter(|map| !told.contains(map)).collect();
                assert!(untold.is_empty(), "{untold:?}, below `{key}`, stand in no table of this test");
            }
        }
    }
}

#[test]
fn words_of_an_overlay_s_secrets_name_no_secret() {
    let (_, section) = REFERENCE.split_once("### Secrets of an overlay").unwrap();
    let rows = section.lines().take_while(|line| !line.starts_with('#')).filter_map(|line| line.strip_prefix("| `"));
    let words: Vec<&str> = rows.map(|row| row.split_once('`').unwrap().0).collect();
    assert_eq!(words, ["from", "literals", "missing", "local"]);
    let path = |text: &str| TreePath::new(text).unwrap();
    let mut files = FileTree::new();
    files.insert(path("stack.yaml"), "stack: s\n");
    let overlay =
        "overlay: a\nsecrets: {from: existing, literals: allowed, missing: dev-only, local: .env, db: existing}\n";
    files.insert(path("overlays/a.yaml"), overlay);
    let stack = stack_model::parse(&files, &path("stack.yaml")).unwrap();
    let overlay = stack_overlay::parse(&files, &path("overlays/a.yaml"), &stack).unwrap();
    assert_eq!(overlay.secrets.by_name.keys().collect::<Vec<_>>(), ["db"]);
}

#[test]
fn profiles_are_told_as_they_are() {
    let code = |text: &dyn std::fmt::Debug| format!("`{text:?}`");
    let word = |text: &dyn std::fmt::Debug| code(text).to_ascii_lowercase();
    let rule = |said: Option<bool>, yes: &str, no: &str| format!("`{}`", if said.unwrap() { yes } else { no });
    let rows = ["dev", "staging", "prod"].map(|name| {
        let profile = stack_overlay::profile::named(name).unwrap();
        let prefix = profile.prefix.unwrap().value;
        [
            ("prefix", if prefix.is_empty() { "none".to_owned() } else { format!("`{prefix}`") }),
            ("pull: built", code(&profile.pull.built.unwrap())),
            ("storage", word(&profile.storage.unwrap())),
            ("secrets: literals", rule(profile.secrets.literals, "allowed", "refused")),
            ("secrets: missing", rule(profile.secrets.dev_only, "dev-only", "refused")),
            ("images: exact", code(&profile.images.exact.unwrap())),
            ("pod-security", word(&profile.pod_security.unwrap())),
            ("replicated", code(&profile.replicated.unwrap())),
        ]
    });
    for ((of_dev, of_staging), (key, prod)) in rows[0].iter().zip(&rows[1]).zip(&rows[2]) {
        let row = format!("| `{key}` | {} | {} | {prod} |\n", of_dev.1, of_staging.1);
        assert!(REFERENCE.contains(&row), "the reference lacks\n{row}");
    }
}

#[test]
fn components_are_told_as_they_are() {
    let list = |words: Vec<String>| if words.is_empty() { "none".to_owned() } else { words.join(", ") };
    for component in Known::all() {
        let name = component.name();
        let service = Service { component: Some(component), ..Service::default() }.with_facts();
        let ports = service.ports.iter().map(|(name, port)| match port.protocol.name() {
            protocol if protocol == name => format!("`{name}` {}", port.container),
            protocol => format!("`{name}` {}/{protocol}", port.container),
        });
        let code = |word: &dyn std::fmt::Display| format!("`{word}`");
        let cells = [
            code(&name),
            service.workload().kind().to_owned(),
            list(ports.collect()),
            list(service.data.iter().map(|path| code(path)).collect()),
            list(service.secrets.keys.keys().map(|key| code(key)).collect()),
            list(service.provides.keys().map(|key| code(key)).collect()),
            list(service.binds.iter().map(|binding| code(&binding.protocol)).collect()),
        ];
        let row = format!("| {} |\n", cells.join(" | "));
        assert!(REFERENCE.contains(&row), "the reference lacks\n{row}");
    }
}
