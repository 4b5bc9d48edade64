"""What the figures were measured on."""
import os
import pathlib
import platform


def _processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def describe():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": _processor(), "architecture": platform.machine(), "cores": os.cpu_count(),
        "memory_bytes": memory, "kernel": platform.release(), "load_average": os.getloadavg()[0],
    }


def in_words(machine):
    return (f"{machine['cores']} cores of {machine['processor']}, {machine['memory_bytes'] / 2**30:.0f} GiB, "
            f"Linux {machine['kernel']}, load {machine['load_average']:.2f} before the start")
