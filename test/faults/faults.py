#!/usr/bin/env python3
"""faults.py - make the server meet power cuts and I/O errors, one point at a time, and run a checker after each.

  crash   record every write/fsync/rename under strace, then rebuild the disk as a power
          cut could have left it (unsynced writes dropped, reordered, torn) and check it
  sweep   fail the 1st, 2nd, 3rd ... matching system call, check after
  power   an ext4 image on a loop device whose unsynced data can really be thrown away

Needs: Linux, strace >= 5.3, python3 >= 3.9; 'power' and mounts need root.
It touches neither the network nor the clock nor anything outside the folders it is given."""
import argparse, fcntl, os, random, re, shutil, signal, struct, subprocess, sys, tempfile, time

SECTOR = 512
CALLS = ("openat,open,creat,lseek,write,pwrite64,writev,pwritev,pwritev2,ftruncate,truncate,"
         "fallocate,fsync,fdatasync,sync,syncfs,msync,rename,renameat,renameat2,unlink,unlinkat,link,"
         "linkat,mkdir,mkdirat,rmdir,sendto,sendmsg,sendmmsg,mmap,io_uring_enter,copy_file_range,sendfile,splice")

# ---------------------------------------------------------------- reading strace's output
LINE = re.compile(r'^(?:\[pid\s+)?(\d+)\]?\s+(.*)$')

def unhex(tok):                       # "\x41\x42" -> b'AB'
    return bytes.fromhex(tok.replace('\\x', ''))

HEXPATH = re.compile(r'<((?:\\x[0-9a-f]{2})+)>')

def plain(t):                         # strace -xx writes the paths of -y in hex too
    return HEXPATH.sub(lambda m: '<' + unhex(m.group(1)).decode('utf8', 'surrogateescape') + '>', t)

def calls(path):
    """yield (kind, seq, pid, name, text): kind 'enter' when a call starts, 'exit' when it ended"""
    part, seq = {}, 0
    with open(path, 'r', errors='replace') as f:
        for raw in f:
            m = LINE.match(raw.rstrip('\n'))
            if not m:
                continue
            pid, t = m.group(1), plain(m.group(2))
            if t.startswith(('+++', '---')):
                continue
            seq += 1
            if t.endswith('<unfinished ...>'):
                t = t[:-len('<unfinished ...>')].rstrip(' ')
                name = t.split('(', 1)[0]
                part[pid] = (seq, name, t)
                yield 'enter', seq, pid, name, t, seq
                continue
            r = re.match(r'<\.\.\. (\w+) resumed>(.*)$', t)
            if r:
                if pid not in part:
                    continue
                s0, name, head = part.pop(pid)
                yield 'exit', seq, pid, name, head + r.group(2), s0
                continue
            name = t.split('(', 1)[0]
            yield 'enter', seq, pid, name, t, seq
            yield 'exit', seq, pid, name, t, seq

FD = re.compile(r'\((\d+|AT_FDCWD)<([^>]*)>')
RET = re.compile(r'\)\s+=\s+(-?\d+|0x[0-9a-f]+|\?)(?:<([^>]*)>)?')
STR = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')

def ret(t):
    m = None
    for m in RET.finditer(t):
        pass
    if not m or m.group(1) == '?':
        return None, None
    return int(m.group(1), 0), m.group(2)

# ---------------------------------------------------------------- a disk that forgets
class Inode:
    __slots__ = ('durable', 'pending')
    def __init__(self, data=b''):
        self.durable, self.pending = bytearray(data), []   # pending: (seq, 'w', off, bytes) | (seq, 't', size)

def apply(buf, op):
    if op[1] == 'w':
        off, data = op[2], op[3]
        if len(buf) < off + len(data):
            buf.extend(b'\0' * (off + len(data) - len(buf)))
        buf[off:off + len(data)] = data
    else:
        n = op[2]
        if len(buf) > n:
            del buf[n:]
        else:
            buf.extend(b'\0' * (n - len(buf)))

class Disk:
    """File data is volatile until fsync/fdatasync of that file; a name (create, rename, unlink) is volatile
    until fsync of its folder - or, as on ext4/xfs, until fsync of the file it names."""
    def __init__(self, root, base):
        self.root, self.names, self.dnames, self.dpend = os.path.realpath(root), {}, {}, []
        for d, _, fs in os.walk(base):
            for f in fs:
                p = os.path.join(d, f)
                k = os.path.normpath(os.path.join(self.root, os.path.relpath(p, base)))
                with open(p, 'rb') as h:
                    self.names[k] = Inode(h.read())
        self.dnames = dict(self.names)
    def mine(self, p):
        return p is not None and (p == self.root or p.startswith(self.root + os.sep))
    def create(self, seq, p):
        if p not in self.names:
            self.names[p] = Inode()
            self.dpend.append((seq, 'c', p, self.names[p]))
    def write(self, seq, p, off, data):
        if p in self.names and data:
            self.names[p].pending.append((seq, 'w', off, data))
    def trunc(self, seq, p, n):
        if p in self.names:
            self.names[p].pending.append((seq, 't', n))
    def size(self, p):
        i = self.names.get(p)
        if i is None:
            return 0
        n = len(i.durable)
        for op in i.pending:
            n = max(n, op[2] + len(op[3])) if op[1] == 'w' else op[2]
        return n
    def unlink(self, seq, p):
        if self.names.pop(p, None) is not None:
            self.dpend.append((seq, 'd', p, None))
    def rename(self, seq, a, b):
        i = self.names.pop(a, None)
        if i is not None:
            self.names[b] = i
            self.dpend.append((seq, 'r', b, i, a))
    def fsync(self, before, p):
        i = self.names.get(p)
        if i is not None:                                  # a file: its data, and its own name
            keep = []
            for op in i.pending:
                if op[0] < before:
                    apply(i.durable, op)
                else:
                    keep.append(op)
            i.pending = keep
            self._names(before, lambda op: op[3] is i)
        else:                                              # a folder
            self._names(before, lambda op: os.path.dirname(op[2]) == p)
    def sync(self, before):
        for p in list(self.names):
            self.fsync(before, p)
        self._names(before, lambda op: True)
    def _names(self, before, want):
        keep = []
        for op in self.dpend:
            if op[0] < before and want(op):
                self._napply(self.dnames, op)
            else:
                keep.append(op)
        # what became durable replaces whatever was pending for the same name before it
        done = {}
        for op in self.dpend:
            if op not in keep:
                for p in (op[2],) + op[4:]:
                    done[p] = op[0]
        self.dpend = [op for op in keep if done.get(op[2], -1) < op[0]]
    @staticmethod
    def _napply(names, op):
        if op[1] == 'c':
            names[op[2]] = op[3]
        elif op[1] == 'd':
            names.pop(op[2], None)
        else:
            names.pop(op[4], None)
            names[op[2]] = op[3]
    def image(self, out, mode, rnd):
        """write one possible after-the-cut state below out"""
        ops = [(op[0], 'n', op) for op in self.dpend]
        inodes = {}
        for i in list(self.names.values()) + list(self.dnames.values()) + [op[3] for op in self.dpend if op[3]]:
            inodes[id(i)] = i
        for i in inodes.values():
            ops += [(op[0], 'i', op, i) for op in i.pending]
        ops.sort(key=lambda o: o[0])
        if mode == 'none':
            chosen = []
        elif mode == 'all':
            chosen = ops
        elif mode == 'prefix':
            chosen = ops[:rnd.randrange(len(ops) + 1)]
        else:                                              # subset / torn: any op may be missing
            q = rnd.random()
            chosen = [o for o in ops if rnd.random() < q]
        names = dict(self.dnames)
        data = {k: bytearray(i.durable) for k, i in inodes.items()}
        for o in chosen:
            if o[1] == 'n':
                self._napply(names, o[2])
                continue
            op, buf = o[2], data[id(o[3])]
            if mode == 'torn' and op[1] == 'w' and len(op[3]) > SECTOR and rnd.random() < .5:
                for s in range(0, len(op[3]), SECTOR):
                    if rnd.random() < .5:
                        apply(buf, (0, 'w', op[2] + s, op[3][s:s + SECTOR]))
            else:
                apply(buf, op)
        for p, i in names.items():
            q = os.path.join(out, os.path.relpath(p, self.root))
            os.makedirs(os.path.dirname(q), exist_ok=True)
            with open(q, 'wb') as h:
                h.write(data[id(i)])
        return len(ops)

def feed(disk, ev, pos, warn):
    """one finished call -> the disk; returns True when durable or visible state may have changed"""
    _, seq, pid, name, t, s0 = ev
    r, rpath = ret(t)
    if r is None or r < 0:
        return False
    m = FD.search(t)
    fd, fpath = (m.group(1), m.group(2)) if m else (None, None)
    if fpath:
        fpath = fpath.replace(' (deleted)', '')
    def at(n):                                              # nth path argument, resolved
        found = []
        for x in re.finditer(r'(?:(?:\d+|AT_FDCWD)<([^>]*)>, )?"((?:\\x[0-9a-f]{2})+)"', t):
            s = unhex(x.group(2)).decode('utf8', 'surrogateescape')
            found.append(os.path.normpath(os.path.join(x.group(1) or os.getcwd(), s)))
        return found[n] if len(found) > n else None
    if name in ('openat', 'open', 'creat'):
        p = rpath and rpath.replace(' (deleted)', '')
        if not disk.mine(p) or p.endswith('-shm') or 'O_DIRECTORY' in t or os.path.isdir(p):
            return False
        if 'O_CREAT' in t or name == 'creat':
            disk.create(seq, p)
        if 'O_TRUNC' in t or name == 'creat':
            disk.trunc(seq, p, 0)
        pos[(r, p)] = 'end' if 'O_APPEND' in t else 0
        return True
    if name == 'lseek' and fpath and disk.mine(fpath):
        if pos.get((int(fd), fpath)) != 'end':
            pos[(int(fd), fpath)] = r
        return False
    if name in ('rename', 'renameat', 'renameat2'):
        a, b = at(0), at(1)
        if disk.mine(a) or disk.mine(b):
            disk.rename(seq, a, b)
            return True
        return False
    if name in ('unlink', 'unlinkat'):
        p = at(0)
        if disk.mine(p):
            disk.unlink(seq, p)
            return True
        return False
    if name == 'truncate':
        p = at(0)
        if disk.mine(p):
            disk.trunc(seq, p, int(re.search(r', (\d+)\)', t).group(1)))
            return True
        return False
    if name in ('sync', 'syncfs'):
        disk.sync(s0)
        return True
    if not disk.mine(fpath) or fpath.endswith('-shm'):
        return False
    if name == 'mmap':
        if 'MAP_SHARED' in t and 'PROT_WRITE' in t:
            warn.add('writable shared mapping of %s is not seen by this tool' % os.path.basename(fpath))
        return False
    if name in ('io_uring_enter', 'copy_file_range', 'sendfile', 'splice', 'pwritev2'):
        warn.add('%s on the data folder is not understood' % name)
        return False
    if name in ('write', 'pwrite64', 'writev', 'pwritev'):
        data, cut = b'', False
        for s in STR.finditer(t):
            data += unhex(s.group(1))
            cut = cut or bool(s.group(2))
        if cut:
            warn.add('a write was longer than strace kept; raise --strsize')
        data = data[:r]
        k = (int(fd), fpath)
        if name in ('pwrite64', 'pwritev'):
            off = int(re.search(r', \d+, (\d+)\)\s+=', t).group(1))
        else:
            off = pos.get(k, 0)
            off = disk.size(fpath) if off == 'end' else off
            if pos.get(k, 0) != 'end':
                pos[k] = off + r
        disk.write(seq, fpath, off, data)
        return True
    if name == 'ftruncate':
        disk.trunc(seq, fpath, int(re.search(r', (\d+)\)', t).group(1)))
        return True
    if name == 'fallocate':
        a = [int(x) for x in re.findall(r', (\d+)', t)]
        if 'KEEP_SIZE' not in t and len(a) >= 2:
            n = a[-2] + a[-1]
            if n > disk.size(fpath):
                disk.trunc(seq, fpath, n)
        return True
    if name in ('fsync', 'fdatasync', 'msync'):
        disk.fsync(s0, fpath)
        return True
    return False

def run_check(cmd, d, acks, timeout):
    with tempfile.NamedTemporaryFile('w', suffix='.acks', delete=False) as f:
        f.write(''.join(a + '\n' for a in acks))
    env = dict(os.environ, FAULT_DIR=d, FAULT_ACKS=f.name)
    try:
        p = subprocess.run(cmd, shell=True, env=env, timeout=timeout, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, errors='replace')
        return p.returncode, p.stdout.strip()
    except subprocess.TimeoutExpired:
        return 124, 'the checker ran past %ss' % timeout
    finally:
        os.unlink(f.name)

def record(a, log):
    cmd = ['strace', '-f', '--seccomp-bpf', '-qq', '-y', '-xx', '-s', str(a.strsize), '-e', 'trace=' + CALLS,
           '-e', 'signal=none', '-o', log, '--'] + a.cmd
    return subprocess.run(cmd, timeout=a.timeout).returncode

def crash(a):
    d = os.path.realpath(a.dir)
    os.makedirs(d, exist_ok=True)
    work = tempfile.mkdtemp(prefix='faults.')
    base, log = os.path.join(work, 'base'), a.log or os.path.join(work, 'trace')
    shutil.copytree(d, base)
    rc = record(a, log)
    print('recorded: rc=%s, %.1f MB of trace' % (rc, os.path.getsize(log) / 1e6))
    rnd = random.Random(a.seed)
    ack = re.compile(a.ack.encode()) if a.ack else None
    # pass 1: where can the power go? after every change, and after every acknowledgement
    disk, pos, warn, points = Disk(d, base), {}, set(), []
    for n, ev in enumerate(calls(log)):
        if ev[0] == 'exit' and feed(disk, ev, pos, warn):
            points.append(n)
        elif ev[0] == 'enter' and ack and ev[3] in ('write', 'writev', 'sendto', 'sendmsg') and is_ack(ev, disk, ack):
            points.append(n)
    chosen = set(points if len(points) <= a.points else rnd.sample(points, a.points)) | set(points[-1:])
    # pass 2: replay, stop at each chosen point, build states, check
    disk, pos, acks, done, bad, most, fails = Disk(d, base), {}, [], 0, 0, 0, {}
    t0 = time.time()
    for n, ev in enumerate(calls(log)):
        if ev[0] == 'exit':
            feed(disk, ev, pos, warn)
        elif ack and ev[3] in ('write', 'writev', 'sendto', 'sendmsg'):
            acks += is_ack(ev, disk, ack)
        if n not in chosen:
            continue
        for mode in a.modes.split(','):
            for k in range(a.repeat if mode in ('prefix', 'subset', 'torn') else 1):
                out = os.path.join(work, 'state')
                shutil.rmtree(out, ignore_errors=True)
                os.makedirs(out)
                most = max(most, disk.image(out, mode, rnd))
                rc, msg = run_check(a.check, out, acks, a.check_timeout)
                done += 1
                if rc:
                    bad += 1
                    key = (mode, (msg.splitlines() or ['rc=%d' % rc])[-1][:160])
                    fails[key] = fails.get(key, 0) + 1
                    if a.keep and bad <= a.keep_max:
                        shutil.copytree(out, os.path.join(a.keep, 'point%d-%s-%d' % (n, mode, k)), dirs_exist_ok=True)
        if a.budget and time.time() - t0 > a.budget:
            print('time budget of %ds used up' % a.budget)
            break
    for w in sorted(warn):
        print('warning: ' + w)
    for (mode, msg), n in sorted(fails.items(), key=lambda x: -x[1])[:8]:
        print('  %5d x mode=%-6s %s' % (n, mode, msg))
    print('%d possible cut points, %d tried, %d acknowledgements, at most %d unsynced operations at once, %.0fs'
          % (len(points), len(chosen), len(acks), most, time.time() - t0))
    print('%d passed, %d failed' % (done - bad, bad))
    shutil.rmtree(work, ignore_errors=True)
    return 1 if bad or not done else 0

def is_ack(ev, disk, ack):
    m = FD.search(ev[4])
    if m and disk.mine(m.group(2)):
        return []
    data = b''.join(unhex(s.group(1)) for s in STR.finditer(ev[4]))
    return [(x if isinstance(x, bytes) else x[0]).decode('utf8', 'replace') for x in ack.findall(data)]

# ---------------------------------------------------------------- fail the nth call
def sweep(a):
    d = os.path.realpath(a.dir)
    base = tempfile.mkdtemp(prefix='faults.')
    if os.path.isdir(d):
        shutil.copytree(d, base, dirs_exist_ok=True)
    ok = bad = hit = 0
    fails, n, misses, t0 = {}, a.start, 0, time.time()
    while n <= a.max and misses < 1:
        shutil.rmtree(d, ignore_errors=True)
        shutil.copytree(base, d)
        log, outf = base + '.log', base + '.out'
        only = [x for f in a.path for x in ('-P', os.path.realpath(f))]
        cmd = ['strace', '-f', '-qq', '-y'] + only + ['-e', 'trace=' + a.calls, '-e', 'signal=none', '-e',
               'inject=%s:error=%s:when=%d%s' % (a.calls, a.errno, n, '+' if a.persist else ''), '-o', log, '--'] + a.cmd
        with open(outf, 'wb') as o:
            try:
                p = subprocess.Popen(cmd, stdout=o, stderr=subprocess.STDOUT, start_new_session=True)
                rc = p.wait(a.timeout)
            except subprocess.TimeoutExpired:
                os.killpg(p.pid, signal.SIGKILL)
                p.wait()
                rc = 124
        text = open(log, errors='replace').read()
        fired = '(INJECTED)' in text
        if not fired:
            misses += 1
        else:
            hit += 1
        acks = []
        if a.ack:
            with open(outf, errors='replace') as o:
                acks = [(x if isinstance(x, str) else x[0]) for x in re.findall(a.ack, o.read())]
        why = None
        with open(outf, errors='replace') as o:
            said = re.search(a.never, o.read()) if a.never else None
        crashed = rc in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS, 139, 134, 135)
        if rc == 124:
            why = 'hung'
        elif crashed:
            why = 'crashed, rc=%d' % rc
        elif said:
            why = said.group(0)[:160]
        else:
            crc, msg = run_check(a.check, d, acks, a.check_timeout)
            if crc:
                why = (msg.splitlines() or ['rc=%d' % crc])[-1][:160]
        if why:
            bad += 1
            fails.setdefault(why, []).append(n)
        else:
            ok += 1
        n += a.step
        if a.budget and time.time() - t0 > a.budget:
            print('time budget of %ds used up at n=%d' % (a.budget, n))
            break
    shutil.rmtree(base, ignore_errors=True)
    for f in (base + '.log', base + '.out'):
        if os.path.exists(f):
            os.unlink(f)
    for why, at in sorted(fails.items(), key=lambda x: -len(x[1]))[:8]:
        print('  %5d x %s (n = %s)' % (len(at), why, ','.join(map(str, at[:6]))))
    print('%s: %d faults fired in %.0fs' % (a.calls, hit, time.time() - t0))
    print('%d passed, %d failed' % (ok, bad))
    return 1 if bad or not hit else 0

# ---------------------------------------------------------------- a real filesystem, a real cut
EXT4_SHUTDOWN = 0x8004587d            # _IOR('X', 125, __u32), what xfstests calls "godown"

def power(a):
    run = lambda *c: subprocess.run(c, check=True)
    if a.what == 'make':
        with open(a.img, 'wb') as f:
            f.truncate(a.mb << 20)
        run('mkfs.ext4', '-q', '-F', a.img)
        os.makedirs(a.mnt, exist_ok=True)
        run('mount', '-o', 'loop', a.img, a.mnt)
    elif a.what == 'cut':             # from this instant nothing more reaches the image; EIO for everybody
        fd = os.open(a.mnt, os.O_RDONLY)
        fcntl.ioctl(fd, EXT4_SHUTDOWN, struct.pack('I', 2))
        os.close(fd)
    elif a.what == 'restore':         # after the server was stopped: unmount, replay the journal, mount
        for _ in range(50):
            if subprocess.run(['umount', a.mnt], stderr=subprocess.DEVNULL).returncode == 0:
                break
            time.sleep(.1)
        run('mount', '-o', 'loop', a.img, a.mnt)
    elif a.what == 'drop':
        subprocess.run(['umount', a.mnt])
        os.path.exists(a.img) and os.unlink(a.img)
    return 0

def main():
    if 'TMPDIR' not in os.environ and os.access('/dev/shm', os.W_OK):
        tempfile.tempdir = '/dev/shm'      # thousands of small states: keep them in memory
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    s = p.add_subparsers(dest='sub', required=True)
    def common(q):
        q.add_argument('--dir', required=True, help='the data folder; reset to its present state for every try')
        q.add_argument('--check', required=True, help='shell command; gets $FAULT_DIR and $FAULT_ACKS (a file); 0 = sound')
        q.add_argument('--ack', help='regex with one group, matched in what is sent (crash) or printed (sweep): the acknowledged ids')
        q.add_argument('--timeout', type=float, default=300)
        q.add_argument('--check-timeout', type=float, default=60)
        q.add_argument('--budget', type=float, default=0, help='stop after so many seconds of tries')
    q = s.add_parser('crash'); common(q)
    q.add_argument('--points', type=int, default=200); q.add_argument('--repeat', type=int, default=3)
    q.add_argument('--modes', default='none,all,prefix,subset,torn'); q.add_argument('--seed', type=int, default=1)
    q.add_argument('--strsize', type=int, default=1 << 20); q.add_argument('--log'); q.add_argument('--keep')
    q.add_argument('--keep-max', type=int, default=5)
    q.add_argument('cmd', nargs='+'); q.set_defaults(go=crash)
    q = s.add_parser('sweep'); common(q)
    q.add_argument('--calls', default='pwrite64', help='syscalls, comma separated'); q.add_argument('--errno', default='EIO')
    q.add_argument('--never', help='regex of what the command must not print')
    q.add_argument('--persist', action='store_true', help='every later one fails too')
    q.add_argument('--path', action='append', default=[], help='only calls on this file (strace -P); may be given again')
    q.add_argument('--start', type=int, default=1); q.add_argument('--step', type=int, default=1)
    q.add_argument('--max', type=int, default=5000)
    q.add_argument('cmd', nargs='+'); q.set_defaults(go=sweep)
    q = s.add_parser('power'); q.add_argument('what', choices=['make', 'cut', 'restore', 'drop'])
    q.add_argument('--img', default=''); q.add_argument('--mnt', required=True); q.add_argument('--mb', type=int, default=256)
    q.set_defaults(go=power)
    a = p.parse_args()
    sys.exit(a.go(a))

if __name__ == '__main__':
    main()
