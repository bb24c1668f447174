//! What is said of a stack.yaml that is wrong.

use insta::assert_snapshot;
use stack_model::{Stack, parse};
use stack_source::{FileTree, Report, TreePath};

fn read(text: &str) -> (FileTree, Result<Stack, Report>) {
    let path = TreePath::new("stack.yaml").expect("a path of the test");
    let mut files = FileTree::new();
    files.insert(path.clone(), text);
    let stack = parse(&files, &path);
    (files, stack)
}

/// What is said of a text, as a terminal shows it.
#[track_caller]
fn said(text: &str) -> String {
    let (files, stack) = read(text);
    match stack {
        Ok(_) => panic!("nothing is wrong with it"),
        Err(report) => report.render(&files, false),
    }
}

/// What is said of a stack of one service that says this.
#[track_caller]
fn said_of(service: &str) -> String {
    said(&of_one_service(service))
}

fn of_one_service(service: &str) -> String {
    format!("stack: s\nservices:\n  web:\n    {}\n", service.replace('\n', "\n    "))
}

#[test]
fn all_faults_are_said_at_once() {
    let text = "\
stack: s
services:
  web: {image: nginx:1.29, port: {http: 80}, grace: 30}
  db: {component: postgress, storage: 20GB}
";
    assert_snapshot!(said(text), @"
    error[unknown-key]: `port` is no key of a service
     --> stack.yaml:3:28
      |
    3 |   web: {image: nginx:1.29, port: {http: 80}, grace: 30}
      |                            ^^^^
      |
      = help: did you mean `ports`?

    error[invalid-duration]: `30` is no time, or too long a one
     --> stack.yaml:3:53
      |
    3 |   web: {image: nginx:1.29, port: {http: 80}, grace: 30}
      |                                                     ^^
      |
      = help: write `30s` for seconds, `30m` for minutes; a week, `168h`, is the most

    error[unknown-component]: `postgress` is no component
     --> stack.yaml:4:19
      |
    4 |   db: {component: postgress, storage: 20GB}
      |                   ^^^^^^^^^
      |
      = help: did you mean `postgres`?

    error[invalid-quantity]: `20GB` is no quantity: a number and one of the units `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` is asked for
     --> stack.yaml:4:39
      |
    4 |   db: {component: postgress, storage: 20GB}
      |                                       ^^^^
      |
      = help: write `20Gi`
    ");
}

#[test]
fn no_such_file() {
    let path = TreePath::new("stack.yaml").unwrap();
    let report = parse(&FileTree::new(), &path).unwrap_err();
    assert_snapshot!(report.render(&FileTree::new(), false), @"
    error[unreadable-file]: `stack.yaml` is not there
    --> stack.yaml
     = help: `kstack new NAME` makes a package that has one
    ");
}

#[test]
fn no_text() {
    let path = TreePath::new("stack.yaml").unwrap();
    let mut files = FileTree::new();
    files.insert(path.clone(), [0xff, 0xfe, 0x00]);
    assert_snapshot!(parse(&files, &path).unwrap_err().render(&files, false), @"
    error[unreadable-file]: `stack.yaml` is no UTF-8 text
    --> stack.yaml
     = help: save it as UTF-8 in your editor
    ");
}

#[test]
fn no_yaml() {
    assert_snapshot!(said("stack: s\nservices: {web: {image: nginx\n"), @"
    error[invalid-yaml]: `{` is never closed
     --> stack.yaml:2:17
      |
    2 | services: {web: {image: nginx
      |                 ^
      |
      = help: add `}` after its last item
    ");
}

#[test]
fn an_empty_file() {
    assert_snapshot!(said("# nothing yet\n"), @"
    error[not-one-document]: the file is empty
     --> stack.yaml:1:1
      |
    1 | # nothing yet
      | ^
      |
      = help: `stack: NAME` and `services:` make a stack, `overlay: NAME` an overlay
    ");
}

#[test]
fn a_second_document() {
    assert_snapshot!(said("stack: s\n---\nstack: t\n"), @"
    error[not-one-document]: a second document starts here
     --> stack.yaml:2:1
      |
    2 | ---
      | ^^^
      |
      = help: one file, one document: move it to a file of its own
    ");
}

#[test]
fn a_key_that_stands_twice() {
    assert_snapshot!(said_of("image: nginx:1.29\nuser: 101\nimage: nginx:1.30"), @"
    error[duplicate-key]: `image` stands twice
     --> stack.yaml:6:5
      |
    6 |     image: nginx:1.30
      |     ^^^^^
      |
     ::: stack.yaml:4:5
      |
    4 |     image: nginx:1.29
      |     ----- first here
      |
      = help: keep one of them
    ");
}

#[test]
fn a_value_of_another_kind() {
    assert_snapshot!(said_of("env: [A, B]"), @"
    error[wrong-kind]: a list stands here, and a map belongs here
     --> stack.yaml:4:10
      |
    4 |     env: [A, B]
      |          ^^^^^^
      |
      = help: write `{NAME: value}`
    ");
}

#[test]
fn a_key_without_a_value() {
    assert_snapshot!(said_of("env:"), @"
    error[wrong-kind]: nothing stands here, and a map belongs here
     --> stack.yaml:4:9
      |
    4 |     env:
      |         ^
      |
      = help: write `{NAME: value}`, or take the key out
    ");
}

#[test]
fn a_list_of_variables_as_in_compose() {
    assert_snapshot!(said_of("ports:\n  - 8080:80"), @"
    error[wrong-kind]: a list stands here, and a map of ports belongs here
     --> stack.yaml:5:7
      |
    5 |       - 8080:80
      |       ^^^^^^^^^
      |
      = help: write `{http: 8080}`
    ");
}

#[test]
fn a_key_with_a_slip() {
    assert_snapshot!(said_of("prots: {http: 80}"), @"
    error[unknown-key]: `prots` is no key of a service
     --> stack.yaml:4:5
      |
    4 |     prots: {http: 80}
      |     ^^^^^
      |
      = help: did you mean `ports`?
    ");
}

#[test]
fn a_key_that_nobody_knows() {
    assert_snapshot!(said_of("probes: {path: /, initialDelaySeconds: 3}"), @"
    error[unknown-key]: `initialDelaySeconds` is no key of probes
     --> stack.yaml:4:23
      |
    4 |     probes: {path: /, initialDelaySeconds: 3}
      |                       ^^^^^^^^^^^^^^^^^^^
      |
      = help: the keys of probes are `exec`, `live`, `path`, `port`, `ready`, `start`, `tcp`
    ");
}

#[test]
fn keys_that_exclude_others_are_proposed_too() {
    let file = said_of("component: nginx\nroutes: {/: {file: /srv}}");
    assert!(file.contains("did you mean `files`?"), "{file}");
    let chart = said_of("chrt: {from: oci://charts.example.com, name: app, version: 1.0.0}");
    assert!(chart.contains("did you mean `chart`?"), "{chart}");
}

#[test]
fn what_is_wrong_with_a_chart_is_not_said_of_its_ports() {
    let said = said_of("chart: {from: oci://charts.example.com, name: app}\nports: {ui: {service: app, port: 8080}}");
    assert!(said.contains("a chart has no `version`") && !said.contains("a port belongs here"), "{said}");
}

#[test]
fn a_key_of_another_component() {
    assert_snapshot!(said_of("component: redis\nextensions: [vector]"), @"
    error[unknown-key]: `extensions` is no key of a service
     --> stack.yaml:5:5
      |
    5 |     extensions: [vector]
      |     ^^^^^^^^^^
      |
      = help: a service has it whose component is `postgres`
    ");
}

#[test]
fn a_key_that_no_service_has() {
    assert_snapshot!(said_of("image: nginx:1.29\nlifecycle: {}"), @"
    error[unknown-key]: `lifecycle` is no key of a service
     --> stack.yaml:5:5
      |
    5 |     lifecycle: {}
      |     ^^^^^^^^^
      |
      = help: the keys of a service are `affinity`, `after`, `args`, `build`, `chart`, `command`, `component`, `config-map`, `controls`, `data`, `env`, `expose`, `files`, `gpu`, `grace`, `headless`, `image`, `init`, `installed-by`, `labels`, `names`, `owned`, `peers`, `ports`, `probes`, `provides`, `replicas`, `resources`, `scale`, `schedule`, `secret`, `secrets`, `selector`, `singleton`, `spread`, `storage`, `update`, `user`, `uses`, `volumes`, `when`, `workload`, `writable`
    ");
}

#[test]
fn a_stack_without_a_name() {
    assert_snapshot!(said("services: {web: {image: nginx:1.29}}\n"), @"
    error[missing-key]: a stack has no `stack`
     --> stack.yaml:1:1
      |
    1 | services: {web: {image: nginx:1.29}}
      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: add `stack: …`
    ");
}

#[test]
fn a_build_without_a_context() {
    assert_snapshot!(said_of("build: {target: dev}"), @"
    error[missing-key]: a build has no `context`
     --> stack.yaml:4:12
      |
    4 |     build: {target: dev}
      |            ^^^^^^^^^^^^^
      |
      = help: add `context: FOLDER`, a folder of the package
    ");
}

#[test]
fn a_way_without_a_way() {
    assert_snapshot!(said_of("expose: {to: user}"), @"
    error[missing-key]: nothing says by which way the service is reached
     --> stack.yaml:4:13
      |
    4 |     expose: {to: user}
      |             ^^^^^^^^^^
      |
      = help: add `ingress: {host: …}`, `load-balancer: true` or `node-port: 30080`
    ");
}

#[test]
fn keys_that_exclude_each_other() {
    assert_snapshot!(said_of("probes: {path: /health, tcp: http}"), @"
    error[conflicting-keys]: `path` and `tcp` exclude each other
     --> stack.yaml:4:29
      |
    4 |     probes: {path: /health, tcp: http}
      |                             ^^^
      |
      = help: keep one of them
    ");
}

#[test]
fn a_limit_beside_no_limits() {
    assert_snapshot!(said_of("resources: {cpu: 100m..200m, limits: none}"), @"
    error[conflicting-keys]: a limit beside `limits: none`
     --> stack.yaml:4:22
      |
    4 |     resources: {cpu: 100m..200m, limits: none}
      |                      ^^^^^^^^^^
      |
      = help: take `limits: none` out, or write the request alone
    ");
}

#[test]
fn a_component_with_a_slip() {
    assert_snapshot!(said_of("component: postgress\ndatabase: notes"), @"
    error[unknown-component]: `postgress` is no component
     --> stack.yaml:4:16
      |
    4 |     component: postgress
      |                ^^^^^^^^^
      |
      = help: did you mean `postgres`?
    ");
}

#[test]
fn a_component_that_nobody_knows() {
    assert_snapshot!(said_of("component: mysql"), @"
    error[unknown-component]: `mysql` is no component
     --> stack.yaml:4:16
      |
    4 |     component: mysql
      |                ^^^^^
      |
      = help: there is `litellm`, `nginx`, `openwebui`, `postgres`, `qdrant`, `r2r`, `redis`, `vespa`
    ");
}

#[test]
fn a_protocol_that_nobody_knows() {
    assert_snapshot!(said_of("ports: {http: 8080/htp}"), @"
    error[unknown-protocol]: `htp` is no protocol
     --> stack.yaml:4:19
      |
    4 |     ports: {http: 8080/htp}
      |                   ^^^^^^^^
      |
      = help: did you mean `http`?
    ");
}

#[test]
fn a_word_that_nobody_knows() {
    assert_snapshot!(said_of("uses: {redis: {wait: redy}}"), @"
    error[unknown-word]: `redy` is no condition to wait for
     --> stack.yaml:4:26
      |
    4 |     uses: {redis: {wait: redy}}
      |                          ^^^^
      |
      = help: did you mean `ready`?
    ");
}

#[test]
fn a_volume_that_nobody_knows() {
    assert_snapshot!(said_of("volumes: {/data: emtpy 4Gi}"), @"
    error[unknown-word]: `emtpy` is no kind of volume
     --> stack.yaml:4:22
      |
    4 |     volumes: {/data: emtpy 4Gi}
      |                      ^^^^^^^^^
      |
      = help: did you mean `empty`?
    ");
}

#[test]
fn a_count_below_zero() {
    assert_snapshot!(said_of("replicas: -1"), @"
    error[invalid-number]: `-1` is no whole number, or too large a one
     --> stack.yaml:4:15
      |
    4 |     replicas: -1
      |               ^^
      |
      = help: write a whole number from 0 to 150000
    ");
}

#[test]
fn a_share_without_its_sign() {
    assert_snapshot!(said_of("scale: {replicas: 2..4, cpu: 70}"), @"
    error[invalid-number]: `70` is no percentage
     --> stack.yaml:4:34
      |
    4 |     scale: {replicas: 2..4, cpu: 70}
      |                                  ^^
      |
      = help: write `70%`
    ");
}

#[test]
fn a_scale_without_a_range() {
    assert_snapshot!(said_of("scale: {replicas: 3}"), @"
    error[invalid-number]: `3` is no range of numbers
     --> stack.yaml:4:23
      |
    4 |     scale: {replicas: 3}
      |                       ^
      |
      = help: write `3..MOST`; a fixed number stands in `replicas` beside `scale`
    ");
}

#[test]
fn a_user_by_name() {
    assert_snapshot!(said_of("user: nginx"), @"
    error[invalid-number]: `nginx` is no number of a user
     --> stack.yaml:4:11
      |
    4 |     user: nginx
      |           ^^^^^
      |
      = help: write `1000`, or `999:1000` for user and group
    ");
}

#[test]
fn a_quantity_in_bytes() {
    assert_snapshot!(said_of("resources: {cpu: 500m..1000m, memory: 256MB..1Gi}"), @"
    error[invalid-quantity]: `256MB` is no quantity: a number and one of the units `m`, `k`, `M`, `G`, `T`, `P`, `E`, `Ki`, `Mi`, `Gi`, `Ti`, `Pi`, `Ei` is asked for
     --> stack.yaml:4:43
      |
    4 |     resources: {cpu: 500m..1000m, memory: 256MB..1Gi}
      |                                           ^^^^^^^^^^
      |
      = help: write `256Mi`
    ");
}

#[test]
fn a_limit_below_the_request() {
    assert_snapshot!(said_of("resources: {memory: 2Gi..1Gi}"), @"
    error[invalid-range]: the limit 1Gi is below the request 2Gi
     --> stack.yaml:4:25
      |
    4 |     resources: {memory: 2Gi..1Gi}
      |                         ^^^^^^^^
      |
      = help: write `1Gi..2Gi`, from the request to the limit
    ");
}

#[test]
fn a_time_without_a_unit() {
    assert_snapshot!(said_of("grace: 60"), @"
    error[invalid-duration]: `60` is no time, or too long a one
     --> stack.yaml:4:12
      |
    4 |     grace: 60
      |            ^^
      |
      = help: write `60s` for seconds, `60m` for minutes; a week, `168h`, is the most
    ");
}

#[test]
fn a_giver_of_addresses_that_nobody_knows() {
    assert_snapshot!(said("stack: s\ncluster: {load-balancer: metalb}\n"), @"
    error[unknown-word]: `metalb` is no giver of load balancers' addresses
     --> stack.yaml:2:26
      |
    2 | cluster: {load-balancer: metalb}
      |                          ^^^^^^
      |
      = help: did you mean `metallb`?
    ");
}

#[test]
fn an_external_without_a_scheme() {
    assert_snapshot!(said("stack: s\nexternals: {openai: api.openai.com}\n"), @"
    error[invalid-external]: `api.openai.com` is no external
     --> stack.yaml:2:21
      |
    2 | externals: {openai: api.openai.com}
      |                     ^^^^^^^^^^^^^^
      |
      = help: write `person`, a URL with its scheme, or `{network: 10.0.0.0/8}`
    ");
}

#[test]
fn a_port_out_of_range() {
    assert_snapshot!(said_of("ports: {http: 80:80800}"), @"
    error[invalid-port]: `80800` is no port
     --> stack.yaml:4:19
      |
    4 |     ports: {http: 80:80800}
      |                   ^^^^^^^^
      |
      = help: ports are 1 to 65535; write `8080`, or `80:8080` for another one outside
    ");
}

#[test]
fn a_name_with_capitals() {
    assert_snapshot!(said("stack: s\nsecrets: {API_Keys: [key]}\n"), @"
    error[invalid-name]: `API_Keys` is no DNS subdomain (RFC 1123): 1 to 253 of `a-z`, `0-9`, `-` and `.`, with a letter or digit at both ends and on both sides of every `.`
     --> stack.yaml:2:11
      |
    2 | secrets: {API_Keys: [key]}
      |           ^^^^^^^^
      |
      = help: write `api-keys`
    ");
}

#[test]
fn a_value_that_is_not_what_its_type_says() {
    assert_snapshot!(said("stack: s\nvalues: {host: {type: host, default: 'https://a.example.com'}}\n"), @"
    error[invalid-value]: `https://a.example.com` is no value of `host`
     --> stack.yaml:2:38
      |
    2 | values: {host: {type: host, default: 'https://a.example.com'}}
      |                                      ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: write `app.example.com`
    ");
}

#[test]
fn a_reference_without_its_end() {
    assert_snapshot!(said_of("env: {PORT: <self.http.port, URL: 'http://<host:80'}"), @"
    error[unclosed-reference]: the reference `<self.http.port` is never closed
     --> stack.yaml:4:17
      |
    4 |     env: {PORT: <self.http.port, URL: 'http://<host:80'}
      |                 ^^^^^^^^^^^^^^^
      |
      = help: write `<self.http.port>`, or `<<self.http.port` for a plain `<`

    error[unclosed-reference]: the reference `<host` is never closed
     --> stack.yaml:4:39
      |
    4 |     env: {PORT: <self.http.port, URL: 'http://<host:80'}
      |                                       ^^^^^^^^^^^^^^^^^
      |
      = help: write `<host>`, or `<<host` for a plain `<`
    ");
}

#[test]
fn a_value_that_nobody_gives() {
    assert_snapshot!(said("stack: s\nvalues: {image: {about: the image that runs}}\n"), @"
    error[missing-value]: nothing gives value `image`, the image that runs
     --> stack.yaml:2:10
      |
    2 | values: {image: {about: the image that runs}}
      |          ^^^^^
      |
      = help: give it in an overlay, `values: {image: …}`, or a `default` here
    ");
}

#[test]
fn a_schedule_of_four_fields() {
    assert_snapshot!(said_of("image: nginx:1.29\nschedule: 0 3 * *"), @"
    error[invalid-schedule]: `0 3 * *` is no schedule
     --> stack.yaml:5:15
      |
    5 |     schedule: 0 3 * *
      |               ^^^^^^^
      |
      = help: write five fields, as `0 3 * * *`: minute, hour, day, month, weekday
    ");
}

#[test]
fn a_plain_less_than_sign_is_text() {
    for text in ["cat <init.sql", "a < b", "<<host", "<", "<html>", "x <<<self.http.port>"] {
        let (files, stack) = read(&of_one_service(&format!("env: {{A: '{text}'}}")));
        assert!(stack.is_ok(), "{text}: {}", stack.unwrap_err().render(&files, false));
    }
}

#[test]
fn rows_without_end() {
    use std::fmt::Write as _;

    let mut text = "stack: s\nnamespaces:\n  ns-<row>:\n    each:\n      row:\n".to_owned();
    for row in 0..2000 {
        writeln!(text, "        r{row}: {{}}").expect("a text takes any");
    }
    text.push_str("    services: {web: {image: nginx:1.29}}\n");
    assert_snapshot!(said(&text), @"
    error[expands-too-far]: what is repeated here makes a stack that is too large
     --> stack.yaml:4:5
      |
    4 |     each:
      |     ^^^^^
      |
      = help: write fewer rows, or shorter values
    ");
}

#[test]
fn values_and_bindings_that_repeat_each_other() {
    let long = "x".repeat(3000);
    let uses: String = (0..400).map(|number| format!("    V{number}: <value.long>\n")).collect();
    let values = format!(
        "stack: s\nvalues: {{long: {{default: {long}}}}}\nservices: {{web: {{image: s/web:1.0, env:\n{uses}    }}}}\n"
    );
    let values = values.replace("\n    V", ",\n    V").replace("env:,", "env: {").replace("\n    }}", "\n    }}}");
    assert_eq!(said(&values).matches("error[expands-too-far]").count(), 1);
    let services: String =
        (0..400).map(|number| format!("      s{number}: {{image: s/s:1.0, uses: [db]}}\n")).collect();
    let binds =
        format!("stack: s\nnamespaces:\n  a:\n    bind: {{db: {{env: {{LONG: {long}}}}}}}\n    services:\n{services}");
    assert_eq!(said(&binds).matches("error[expands-too-far]").count(), 1);
}

#[test]
fn keys_of_compose_and_of_kubernetes_are_translated() {
    for (service, edit) in [
        ("image: nginx:1.29\nenvironment: {A: b}", "write `env: {NAME: VALUE}`"),
        ("image: nginx:1.29\ndepends_on: [db]", "write `uses: {SERVICE: {wait: ready}}`"),
        ("image: nginx:1.29\nuses: {db: {condition: service_healthy}}", "write `wait: ready`"),
        ("image: nginx:1.29\nlivenessProbe: {httpGet: {path: /}}", "write `probes: {live: {path: /PATH}}`"),
        ("image: nginx:1.29\nreplicaCount: 2", "write `replicas: NUMBER`"),
        ("image: nginx:1.29\ncpu: 1", "write `resources: {cpu: 250m..500m}`"),
        ("image: nginx:1.29\nhostname: web", "take it out: others find a service by its name"),
        (
            "image: nginx:1.29\nresources: {limits: {memory: 64Mi}}",
            "write `cpu: 250m..500m` and `memory: 256Mi..512Mi`",
        ),
        (
            "image: nginx:1.29\nresources: {requests: {memory: 64Mi}}",
            "write `cpu: 250m..500m` and `memory: 256Mi..512Mi`",
        ),
    ] {
        let said = said_of(service);
        assert!(said.contains(edit), "{said}");
    }
}

#[test]
fn an_external_has_a_port_that_can_be() {
    for url in ["https://api.example.com:abc", "http://[::1]:70000/", "redis://cache:0"] {
        assert!(said(&format!("stack: s\nexternals: {{a: '{url}'}}\n")).contains("error[invalid-external]"), "{url}");
    }
    for url in ["https://api.example.com", "http://[::1]/", "https://a:b@c:8443/d:e"] {
        assert!(read(&format!("stack: s\nexternals: {{a: '{url}'}}\n")).1.is_ok(), "{url}");
    }
}
