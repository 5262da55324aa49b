"""The demo's pods: an OpenShift 3.11 node with a shop on it."""

from __future__ import annotations

from ocnetview.demo import programs
from ocnetview.demo.plan import DemoContainer, DemoPod, Program, Wire
from ocnetview.demo.programs import API, CART, CATALOG, DB, WEB_1, WEB_2, command

_DAY = 86400
_HOUR = 3600
_OPENSHIFT = "registry.example/openshift3"
_REUSED = "10.128.0.23"
"""Was the worker's: IPAM lost its files, and gave it to a pod that came later."""


def _pod(
    title: str,
    address: str,
    age: int,
    *containers: DemoContainer,
    ended: bool = False,
    noted: str = "",
) -> DemoPod:
    """Return a pod by its namespace/name, or a plain container by its name."""
    namespace, _, name = title.rpartition("/")
    return DemoPod(name, namespace, containers, address, age, ended, noted)


def _web(title: str, address: str, age: int) -> DemoPod:
    """Return one of the shop's front ends."""
    exporter = "/nginx-prometheus-exporter -nginx.scrape-uri=http://127.0.0.1/status"
    return _pod(
        title,
        address,
        age,
        DemoContainer("nginx", "nginx:1.25", programs.nginx()),
        DemoContainer(
            "exporter",
            "nginx/nginx-prometheus-exporter:0.11",
            Program(command(exporter)),
        ),
    )


def _simple(name: str, image: str, line: str, uid: int = 0) -> DemoContainer:
    """Return a container of one process that waits."""
    return DemoContainer(name, image, Program(command(line), uid=uid))


_CLUSTER = (
    _pod(
        "openshift-sdn/sdn-7xk2p",
        "",
        20 * _DAY,
        DemoContainer("sdn", f"{_OPENSHIFT}/ose-node:v3.11", programs.sdn()),
    ),
    _pod(
        "openshift-dns/dns-default-8v5zc",
        "10.128.0.2",
        20 * _DAY,
        DemoContainer("dns", f"{_OPENSHIFT}/ose-coredns:v3.11", programs.coredns()),
        DemoContainer(
            "dns-node-resolver", f"{_OPENSHIFT}/ose-cli:v3.11", programs.resolver()
        ),
    ),
    _pod(
        "openshift-monitoring/prometheus-k8s-0",
        "10.128.0.3",
        20 * _DAY,
        DemoContainer(
            "prometheus", f"{_OPENSHIFT}/prometheus:v3.11", programs.prometheus()
        ),
        _simple(
            "config-reloader",
            f"{_OPENSHIFT}/ose-prometheus-config-reloader:v3.11",
            "/bin/prometheus-config-reloader --log-format=logfmt",
        ),
    ),
    _pod(
        "openshift-monitoring/alertmanager-main-0",
        "10.128.0.4",
        20 * _DAY,
        _simple(
            "alertmanager",
            f"{_OPENSHIFT}/prometheus-alertmanager:v3.11",
            "/bin/alertmanager --storage.path=/alertmanager",
            65534,
        ),
    ),
    _pod(
        "kube-system/metrics-server-5b9d77d4-2m6ft",
        "10.128.0.5",
        12 * _DAY,
        _simple(
            "metrics-server",
            f"{_OPENSHIFT}/ose-metrics-server:v3.11",
            "/usr/bin/metrics-server --secure-port=4443",
            1000,
        ),
    ),
    _pod(
        "openshift-ingress/router-1-vz9lk",
        "10.128.0.6",
        20 * _DAY,
        DemoContainer(
            "router", f"{_OPENSHIFT}/ose-haproxy-router:v3.11", programs.router()
        ),
    ),
)

_WORKLOADS = (
    _web(WEB_1, "10.128.0.11", 3 * _DAY),
    _web(WEB_2, "10.128.0.12", 2 * _HOUR),
    _pod(
        CART,
        "10.128.0.13",
        3 * _DAY,
        DemoContainer("cart", "registry.example/shop/cart:2.4.1", programs.cart()),
        DemoContainer(
            "session-export",
            "registry.example/shop/session-export:0.4",
            Program(command("/app/session-export --listen :9121")),
            exit_code=1,
            attempt=7,
        ),
    ),
    _pod(
        CATALOG,
        "10.128.0.14",
        5 * _DAY,
        DemoContainer(
            "catalog", "registry.example/shop/catalog:1.9.0", programs.catalog()
        ),
    ),
    _pod(
        DB,
        "10.128.0.15",
        20 * _DAY,
        DemoContainer(
            "postgres",
            "registry.example/rhscl/postgresql-96-rhel7:1",
            programs.postgres(),
            execs=(programs.psql(),),
        ),
        _simple(
            "metrics",
            "registry.example/postgres-exporter:0.11",
            "/bin/postgres_exporter --web.listen-address=:9187",
        ),
    ),
    _pod(
        API,
        "10.128.0.21",
        9 * _HOUR,
        DemoContainer("api", "registry.example/payments/api:3.2", programs.gunicorn()),
        _simple(
            "log-forwarder",
            "fluent/fluent-bit:1.9",
            "/fluent-bit/bin/fluent-bit -c /fluent-bit/etc/fluent-bit.conf",
        ),
    ),
    _pod(
        "payments/worker-7d5b9f8c6-qn4gx",
        "10.128.0.22",
        9 * _HOUR,
        DemoContainer(
            "worker", "registry.example/payments/worker:3.2", programs.celery()
        ),
        noted=_REUSED,
    ),
    _pod(
        "payments/settle-6f7d8c9b4-b7xwv",
        _REUSED,
        _HOUR,
        DemoContainer(
            "settle", "registry.example/payments/settle:0.3", programs.settle()
        ),
    ),
    _pod(
        "payments/ledger-migrate-k5p7d",
        "",
        9 * _HOUR,
        DemoContainer(
            "migrate",
            "registry.example/payments/api:3.2",
            Program(command("python3 manage.py migrate")),
            exit_code=0,
        ),
        ended=True,
    ),
)

_PLAIN = (
    _pod(
        "registry-cache",
        "172.17.0.2",
        30 * _DAY,
        _simple(
            "registry-cache", "registry:2", "registry serve /etc/docker/registry.yml"
        ),
    ),
)

PODS = (*_CLUSTER, *_WORKLOADS, *_PLAIN)
"""Everything that the demo's runtime knows, in the order it is made."""


def _named(title: str) -> DemoPod:
    """Return the pod of a title."""
    return next(pod for pod in PODS if pod.title == title)


WIRES = (
    Wire("net1", ((_named(DB), "192.168.90.1"), (_named(CATALOG), "192.168.90.2"))),
)
"""The links that lead from pod to pod, past the node's bridges."""
