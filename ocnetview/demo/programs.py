"""The programs of the demo's containers: what they show, and what they do."""

from __future__ import annotations

from ocnetview.demo.plan import GATEWAY, Flow, Program

_SHOP_UID = 1000620000
_PAYMENTS_UID = 1000650000
WEB_1 = "shop/web-7f9c8d6b5-4kq2n"
WEB_2 = "shop/web-7f9c8d6b5-x8rtl"
CART = "shop/cart-5c6f9d7c4b-9jw6m"
CATALOG = "shop/catalog-6b8d5f7f9c-hv2sd"
DB = "shop/db-0"
API = "payments/api-58d7c9b6f4-t5zlp"


def command(line: str) -> tuple[str, ...]:
    """Return the arguments in a line; none of ours needs quotes."""
    return tuple(line.split())


def nginx() -> Program:
    """Return an nginx as it rewrites its own command line: one argument each."""
    flows = (Flow(CART, 4, 600), Flow(CATALOG, 8, 300))
    worker = "nginx: worker process"
    return Program(
        ("nginx: master process nginx -g daemon off;",),
        "nginx",
        children=(
            Program((worker,), "nginx", uid=101, flows=flows),
            Program((worker,), "nginx", uid=101),
        ),
        answers=1200,
    )


def cart() -> Program:
    """Return a node server started through npm."""
    server = Program(
        command("node /opt/app/server.js --port 4000"),
        uid=_SHOP_UID,
        flows=(Flow(DB, 5, 250),),
        answers=200,
        burns=2,
    )
    return Program(command("npm start"), uid=_SHOP_UID, children=(server,))


def catalog() -> Program:
    """Return a Java server, alone in its container."""
    return Program(
        command("java -Xmx512m -XX:+UseG1GC -jar /deployments/catalog.jar"),
        uid=_SHOP_UID,
        flows=(Flow(DB, 3, 180),),
        answers=1300,
        burns=5,
        holds=40,
    )


def postgres() -> Program:
    """Return a postgres with the helpers that every cluster has."""
    helpers = (
        "checkpointer",
        "background writer",
        "walwriter",
        "autovacuum launcher",
        "logical replication launcher",
        "shop shop 10.128.0.14(41822) idle",
    )
    return Program(
        command("postgres -D /var/lib/pgsql/data/userdata"),
        uid=26,
        children=tuple(
            Program((f"postgres: {helper}",), "postgres", uid=26) for helper in helpers
        ),
        answers=900,
        burns=1,
    )


def psql() -> Program:
    """Return what an operator left open in the database's container."""
    psql = Program(command("psql -U shop shop"), uid=26)
    return Program(("bash",), uid=26, children=(psql,))


def gunicorn() -> Program:
    """Return a master with workers of the same command line."""
    line = command("python3 /usr/local/bin/gunicorn -w 3 api.wsgi")
    busy = (Flow(DB, 2, 400),)
    return Program(
        line,
        "gunicorn",
        _PAYMENTS_UID,
        children=tuple(
            Program(line, "gunicorn", _PAYMENTS_UID, flows=flows)
            for flows in (busy, (), ())
        ),
        answers=150,
    )


def celery() -> Program:
    """Return a worker that forgot to wait for one of its children."""
    line = command("python3 -m celery -A jobs worker --concurrency=1")
    flows = (Flow(API, 3, 500), Flow(GATEWAY, 1, 90))
    return Program(
        line,
        "celery",
        _PAYMENTS_UID,
        children=(
            Program(line, "celery", _PAYMENTS_UID, flows=flows),
            Program(("sh",), "sh", _PAYMENTS_UID, zombie=True),
        ),
        burns=2,
    )


def settle() -> Program:
    """Return a program that ends again and again."""
    line = command("python3 /app/settle.py --ledger db-0.shop")
    return Program(line, "settle.py", _PAYMENTS_UID, lives=30)


def sdn() -> Program:
    """Return the agent in the node's own network; it answers for the gateway."""
    line = command("openshift start network --config=/etc/origin/node/node.yaml")
    return Program(line, answers=120, burns=1)


def coredns() -> Program:
    """Return a DNS server that asks the gateway's."""
    line = command("/usr/bin/coredns -conf /etc/coredns/Corefile")
    return Program(line, flows=(Flow(GATEWAY, 2, 80),), answers=160)


def resolver() -> Program:
    """Return a shell's loop, asleep."""
    return Program(
        ("/bin/bash", "-c", "while sleep 60; do update_hosts; done"),
        children=(Program(("sleep", "60")),),
    )


def prometheus() -> Program:
    """Return a program that asks many others."""
    targets = ((WEB_1, 2), (WEB_2, 2), (DB, 1), (API, 1))
    return Program(
        command("/bin/prometheus --storage.tsdb.retention.time=15d"),
        uid=65534,
        flows=tuple(Flow(to, per_second, 200) for to, per_second in targets),
        answers=0,
        burns=4,
        holds=24,
    )


def router() -> Program:
    """Return a router with the proxy it controls."""
    haproxy = Program(
        command("/usr/sbin/haproxy -f /var/lib/haproxy/conf/haproxy.config -sf 61"),
        uid=1001,
        flows=(Flow(WEB_1, 10, 420), Flow(WEB_2, 5, 420)),
    )
    return Program(
        command("/usr/bin/openshift-router --name=router"), "", 1001, (haproxy,)
    )
