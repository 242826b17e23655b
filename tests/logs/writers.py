"""Writers of binary logs, from their descriptions, so that no test needs the programs that write them."""
import json
import sqlite3
import struct
import zlib

# ---- Protocol buffers ----


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def number(field, value):
    return varint(field << 3) + varint(value)


def block(field, data):
    data = data.encode() if isinstance(data, str) else data
    return varint(field << 3 | 2) + varint(len(data)) + data


def float32(field, value):
    return varint(field << 3 | 5) + struct.pack("<f", value)


def float64(field, value):
    return varint(field << 3 | 1) + struct.pack("<d", value)


# ---- TensorBoard ----

def crc32c_table():
    table = []
    for i in range(256):
        for _ in range(8):
            i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


TABLE = crc32c_table()


def masked_crc(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = TABLE[(crc ^ byte) & 255] ^ crc >> 8
    crc ^= 0xFFFFFFFF
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def tf_record(data):
    length = struct.pack("<Q", len(data))
    return length + struct.pack("<I", masked_crc(length)) + data + struct.pack("<I", masked_crc(data))


def tf_version():
    return tf_record(float64(1, 1.7e9) + block(3, "brain.Event:2"))


def tf_scalar(tag, step, value, tensor=False):
    """As PyTorch writes it, or as TensorFlow 2 does. A step of 0 is not there."""
    if tensor:
        shape = block(2, b"")
        content = number(1, 1) + shape + block(4, struct.pack("<f", value))
        body = block(1, tag) + block(8, content) + block(9, block(1, block(1, "scalars")))
    else:
        body = block(1, tag) + float32(2, value)
    return tf_record(float64(1, 1.7e9 + step) + (number(2, step) if step else b"") + block(5, block(1, body)))


# ---- Blocks of 32 KiB, as W&B and SwanLab have them ----

def blocks(header, records):
    out = bytearray(header)
    for record in records:
        first = True
        while True:
            left = 32768 - len(out) % 32768
            if left < 7:
                out += bytes(left)
                continue
            part, record = record[:left - 7], record[left - 7:]
            kind = (1 if not record else 2) if first else (4 if not record else 3)
            body = bytes([kind]) + part
            out += struct.pack("<IH", zlib.crc32(body), len(part)) + body
            first = False
            if not record:
                break
    return bytes(out)


def wandb_item(name, value, nested=True):
    return block(1, block(2 if nested else 1, name) + block(16, json.dumps(value)))


def wandb_file(rows, title="brave-otter-1", config=None, steps=True, extra=()):
    """Rows are dictionaries; `_step` may be among their keys. `extra`: records of other kinds."""
    run = block(1, "abc123") + block(8, title)
    if config:
        run += block(4, b"".join(wandb_item(k, v) for k, v in config.items()))
    records = [number(1, 1) + block(17, run)] + list(extra)
    for i, row in enumerate(rows):
        history = b"".join(wandb_item(k, v, nested=i % 2 == 0) for k, v in row.items())
        if steps:
            history += block(2, number(1, row.get("_step", i)) if row.get("_step", i) else b"")
        records.append(number(1, i + 2) + block(2, history))
    return blocks(b":W&B" + struct.pack("<HB", 0xBEE1, 0), records)


def swanlab1_file(points):
    """(key, step, value)"""
    records = [json.dumps({"model_type": "Header", "data": {"version": "0.6.8"}}).encode()]
    for i, (key, step, value) in enumerate(points):
        scalar = {"metric": {"index": i, "data": value}, "key": key, "step": step, "epoch": i + 1}
        records.append(json.dumps({"model_type": "Scalar", "data": scalar}).encode())
    return blocks(b":SWL" + struct.pack("<HB", 0xE1D6, 1), records)


def swanlab2_file(points):
    records = [number(1, 1) + block(10, b"")]
    for i, (key, step, value) in enumerate(points):
        scalar = block(1, key) + (number(2, step) if step else b"")
        scalar += block(5, float64(1, value) if value != 0 else b"")
        records.append(number(1, i + 2) + block(13, scalar))
    return blocks(b":SWL" + struct.pack("<HB", 0xE1D6, 2), records)


# ---- SQLite ----

def mlflow_db(path, runs, wal=False):
    """runs: {uuid: (name, {key: [(timestamp, step, value)]}, {parameter: text})}. With `wal` the rows stay in the
    write-ahead log; the connection is returned, to be closed by the caller."""
    db = sqlite3.connect(path)
    if wal:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA wal_autocheckpoint=0")
    db.executescript("""
        CREATE TABLE runs (run_uuid TEXT PRIMARY KEY, name TEXT, status TEXT, start_time BIGINT, lifecycle_stage TEXT);
        CREATE TABLE metrics (key TEXT, value FLOAT, timestamp BIGINT, run_uuid TEXT, step BIGINT, is_nan BOOLEAN);
        CREATE TABLE latest_metrics (key TEXT, value FLOAT, timestamp BIGINT, step BIGINT, is_nan BOOLEAN, run_uuid TEXT);
        CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);""")
    for i, (uuid, (name, metrics, params)) in enumerate(runs.items()):
        stage = "deleted" if name == "deleted" else "active"
        db.execute("INSERT INTO runs VALUES (?, ?, 'FINISHED', ?, ?)", (uuid, name, i, stage))
        for key, points in metrics.items():
            for time, step, value in points:
                nan = value != value
                db.execute("INSERT INTO metrics VALUES (?, ?, ?, ?, ?, ?)", (key, 0 if nan else value, time, uuid, step, nan))
        for key, value in params.items():
            db.execute("INSERT INTO params VALUES (?, ?, ?)", (key, value, uuid))
    db.commit()
    return db


def trackio_db(path, rows, ids=True):
    """rows: (run, step, metrics)"""
    db = sqlite3.connect(path)
    column = "run_id TEXT NOT NULL, " if ids else ""
    db.execute(f"CREATE TABLE metrics (id INTEGER PRIMARY KEY AUTOINCREMENT, {column}timestamp TEXT, run_name TEXT, step INTEGER, metrics TEXT)")
    for run, step, metrics in rows:
        first = ("id-" + run,) if ids else ()
        marks = ", ".join("?" * (4 + len(first)))
        names = ("run_id, " if ids else "") + "timestamp, run_name, step, metrics"
        db.execute(f"INSERT INTO metrics ({names}) VALUES ({marks})", first + ("t", run, step, json.dumps(metrics)))
    db.commit()
    return db
