# What Java cannot do without risking to hang on its own mount. Runs in the mounted directory.
import mmap
import os

f = os.open("m", os.O_RDWR | os.O_CREAT, 0o644)
os.ftruncate(f, 100000)
m = mmap.mmap(f, 100000)
m[0:5] = b"hello"
m[99995:100000] = b"world"
m.flush()
m[50000:50001] = b"x"
m.close()
os.close(f)
d = open("m", "rb").read()
assert len(d) == 100000 and d[:5] == b"hello" and d[-5:] == b"world", len(d)
assert d[50000:50001] == b"x"

os.setxattr("m", "user.k", b"v")
assert os.listxattr("m") == ["user.k"] and os.getxattr("m", "user.k") == b"v"
os.removexattr("m", "user.k")
assert os.listxattr("m") == []
for name, errno in (("user.k", 61), ("security.k", 61), ("system.posix_acl_access", 95)):
    try:
        os.getxattr("m", name)
        raise SystemExit(name + " is there")
    except OSError as e:
        assert e.errno == errno, (name, e)

a = os.open("m", os.O_WRONLY | os.O_APPEND)
os.write(a, b"1")
os.write(a, b"2")
os.close(a)
assert os.path.getsize("m") == 100002

g = os.open("g", os.O_RDWR | os.O_CREAT)
os.write(g, b"abc")
os.unlink("g")
assert os.fstat(g).st_nlink == 0 and os.pread(g, 9, 0) == b"abc"
os.ftruncate(g, 1)
assert os.fstat(g).st_size == 1
h = os.open("/proc/self/fd/%d" % g, os.O_RDONLY)
assert os.read(h, 9) == b"a"

try:
    os.open("m", os.O_RDWR | os.O_CREAT | os.O_EXCL)
    raise SystemExit("exclusive create of what is there")
except FileExistsError:
    pass
try:
    os.mkdir("x" * 256)
    raise SystemExit("a name of 256 bytes")
except OSError as e:
    assert e.errno == 36, e
big = os.open("sparse", os.O_RDWR | os.O_CREAT)
os.pwrite(big, b"end", 5000000)
assert os.pread(big, 10, 4999995) == b"\0\0\0\0\0end"
os.fsync(big)
os.copy_file_range(big, os.open("copy", os.O_WRONLY | os.O_CREAT), 1000)
assert os.path.getsize("copy") == 1000
assert os.lseek(big, 0, os.SEEK_END) == 5000003
