# SPDX-License-Identifier: LGPL-2.1-or-later
"""For soak: starts threads, forks, maps, unmaps, takes signals and makes machine code for SECONDS."""
import ctypes
import mmap
import os
import platform
import signal
import struct
import sys
import threading
import time

end = time.time() + float(sys.argv[1])
taken = 0
rounds = 0


def on_signal(*_):
    global taken
    taken += 1


def code(value):
    """A function that returns a 16-bit value, in memory of its own."""
    area = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    if platform.machine() == 'aarch64':
        area.write(struct.pack('<II', 0x52800000 | value << 5, 0xd65f03c0))  # mov w0, #value; ret
    else:
        area.write(b'\xb8' + struct.pack('<I', value) + b'\xc3')  # mov eax, value; ret
    view = ctypes.c_char.from_buffer(area)
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(view))
    result = function()
    del function, view
    area.close()
    return result


def worker(n, results):
    results[n] = sum(i * i for i in range(2000)) + n


signal.signal(signal.SIGALRM, on_signal)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
while time.time() < end:
    results = {}
    threads = [threading.Thread(target=worker, args=(n, results)) for n in range(8)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == {n: 2664667000 + n for n in range(8)}, results
    for i in range(50):
        value = (rounds * 50 + i) & 0xffff
        assert code(value) == value
    pid = os.fork()
    if pid == 0:
        os._exit(code(77))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 77
    with mmap.mmap(-1, 1 << 20) as area:
        area[::4096] = bytes([rounds & 255]) * 256
        assert area[4096 * 255] == rounds & 255
    rounds += 1
    time.sleep(0.02)
signal.setitimer(signal.ITIMER_REAL, 0)
assert rounds and taken, (rounds, taken)
print('soak-grow.py:', rounds, 'rounds', flush=True)
