"""What runtimes say of one container, and what is no secret."""

from __future__ import annotations

import pytest

from ocnetview.facts.inside_containers import ContainerDetail, Mount
from ocnetview.probes.containers import variable
from ocnetview.probes.runtime_words import read_inspect, read_status, seconds_of

INSPECT = {
    "Id": "ab" * 32,
    "Name": "/web",
    "Created": "2024-03-01T10:00:00.123456789Z",
    "Path": "nginx",
    "Args": ["-g", "daemon off;"],
    "RestartCount": 3,
    "State": {
        "Status": "exited",
        "Running": False,
        "OOMKilled": True,
        "Pid": 0,
        "ExitCode": 137,
        "StartedAt": "2024-03-01T10:00:01Z",
        "FinishedAt": "2024-03-01T12:00:01+01:00",
    },
    "Config": {
        "Image": "nginx:1",
        "WorkingDir": "/srv",
        "User": "101",
        "Env": ["A=1", "B=x=y"],
    },
    "HostConfig": {"Privileged": True},
    "Mounts": [
        {"Type": "bind", "Source": "/etc/ca", "Destination": "/ca", "RW": False},
        {"Type": "volume", "Name": "data", "Destination": "/data", "RW": True},
    ],
}
"""Members of `GET /containers/ID/json` that are used, as Docker 20.10 writes them."""
SPEC = {
    "process": {
        "args": ["/bin/app", "-v"],
        "env": ["PATH=/bin"],
        "cwd": "/app",
        "user": {"uid": 1000, "gid": 2000},
        "capabilities": {"bounding": ["CAP_CHOWN"]},
    },
    "mounts": [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {
            "destination": "/var/run/secrets",
            "type": "bind",
            "source": "/var/lib/kubelet/x",
            "options": ["rbind", "rprivate", "ro"],
        },
        {"destination": "/d", "type": "bind", "source": "/s", "options": ["rw"]},
    ],
}


def test_an_inspection_is_read_whole() -> None:
    """Image, command, restarts, times, end, mounts and environment."""
    told = read_inspect(INSPECT, "docker inspect")
    one = told.detail
    assert one.command == ("nginx", "-g", "daemon off;")
    assert (one.name, one.image, one.folder, one.user) == (
        "web",
        "nginx:1",
        "/srv",
        "101",
    )
    assert (one.restarts, one.exit_code, one.reason) == (3, 137, "OOMKilled")
    assert one.finished - one.started == 3600.0
    assert (one.pid, one.privileged) == (None, True)
    assert one.mounts == (
        Mount("/ca", "/etc/ca", "bind", writable=False),
        Mount("/data", "data", "volume", writable=True),
    )
    assert told.environment == ("A=1", "B=x=y")


@pytest.mark.parametrize("said", [None, [], {}, {"State": [], "Mounts": {}, "Args": 7}])
def test_an_inspection_of_another_shape_is_empty(said: object) -> None:
    """Who answers may be anyone."""
    told = read_inspect(said, "docker inspect")
    assert told.detail.command == told.environment == ()


@pytest.mark.parametrize(
    ("info", "privileged"),
    [
        ({"runtimeSpec": SPEC, "pid": 77, "privileged": False}, False),
        (
            {
                "runtimeSpec": SPEC,
                "pid": 77,
                "config": {"linux": {"security_context": {"privileged": True}}},
            },
            True,
        ),
        ({"runtimeSpec": SPEC, "pid": 77}, None),
    ],
)
def test_a_verbose_status_adds_the_runtime_spec(
    info: dict[str, object],
    privileged: bool | None,  # noqa: FBT001 - a case
) -> None:
    """As CRI-O, containerd, and older ones write it; file systems are no mounts."""
    listed = ContainerDetail("id", "web", "CRI", state="running", restarts=2)
    told = read_status(info, listed)
    one = told.detail
    assert (one.command, one.folder) == (("/bin/app", "-v"), "/app")
    assert (one.user, one.pid, one.privileged) == ("1000:2000", 77, privileged)
    assert (one.state, one.restarts) == ("running", 2)
    assert one.capabilities == ("CAP_CHOWN",)
    assert one.mounts == (
        Mount("/var/run/secrets", "/var/lib/kubelet/x", "bind", writable=False),
        Mount("/d", "/s", "bind", writable=True),
    )
    assert told.environment == ("PATH=/bin",)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:01:00Z", 60.0),
        ("1970-01-01T01:01:00.5+01:00", 60.5),
        ("0001-01-01T00:00:00Z", 0.0),
        ("yesterday", 0.0),
        ("1970-01-01T00:01:00", 0.0),
        (None, 0.0),
    ],
)
def test_a_time_is_seconds_or_none(text: object, seconds: float) -> None:
    """Year 1 is how Docker says never."""
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "DB_PASSWORD=x",
        "PGPASSWORD=x",
        "passwd=x",
        "MYSQL_PWD=x",
        "API_KEY=x",
        "AWS_SECRET_ACCESS_KEY=x",
        "GITHUB_TOKEN=x",
        "TLS_PRIVATE_KEY=x",
        "SENTRY_DSN=x",
        "GOOGLE_APPLICATION_CREDENTIALS=x",
        "URL=postgres://user:hunter2@db/app",
        "A=-----BEGIN RSA PRIVATE KEY-----",
        "B=eyJhbGciOiJIUzI1NiJ9.e30.x",
        "C=ghp_0123456789",
    ],
)
def test_what_looks_like_a_secret_is_one(text: str) -> None:
    """By its name, or by what it begins with."""
    assert variable("web", text).secret


@pytest.mark.parametrize(
    "text",
    [
        "PATH=/bin",
        "HOME=/root",
        "KUBERNETES_SERVICE_HOST=172.30.0.1",
        "URL=https://db:5432/app",
        "KEYBOARD=de",
        "COMPASS=north",
        "PWD=/app",
        "AUTHOR=me",
        "EMPTY=",
        "NOTHING",
    ],
)
def test_what_does_not_is_none(text: str) -> None:
    """Addresses, folders and names that only sound alike."""
    one = variable("web", text)
    assert not one.secret
    assert f"{one.name}={one.value}" == (text if "=" in text else f"{text}=")
