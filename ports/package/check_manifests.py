"""check_manifests.py PACKAGES VERSION: reads each manifest as its ecosystem's tools would, as far as their parsers are to be had: JSON, YAML, Kconfig (kconfiglib), XML
and the recipe of Conan, whose module is replaced by one that does what the recipe asks of it. A line for each sentence that holds or does not; exits with 1 where one does not."""
import json
import pathlib
import re
import shutil
import sys
import tempfile
import types
import xml.etree.ElementTree as xml
import zipfile

import kconfiglib
import yaml

packages, version = pathlib.Path(sys.argv[1]), sys.argv[2]
failed = 0


def holds(sentence, condition):
    global failed
    failed += not condition
    print(("ok: " if condition else "FAILED: ") + sentence)


def platformio():
    folder = packages / "platformio"
    library = json.loads((folder / "library.json").read_text())
    holds("PlatformIO: library.json has the version " + version, library["version"] == version)
    holds("PlatformIO: the name has only what the registry allows", re.fullmatch(r"[A-Za-z0-9_-]{1,50}", library["name"]) is not None)
    holds("PlatformIO: its header is in the include folder", (folder / library["build"]["includeDir"] / library["headers"]).is_file())
    holds("PlatformIO: all that it exports is there", all((folder / path).exists() for path in library["export"]["include"]))


def arduino():
    folder = packages / "arduino"
    lines = (folder / "library.properties").read_text().splitlines()
    properties = dict(line.split("=", 1) for line in lines)
    wanted = "name version author maintainer sentence paragraph category url architectures".split()
    holds("Arduino: library.properties has each field, none empty", all(properties.get(field) for field in wanted))
    holds("Arduino: the version " + version, properties["version"] == version)
    holds("Arduino: its header is in src", (folder / "src" / properties["includes"]).is_file())
    holds("Arduino: each example is named as its folder", all((e / (e.name + ".ino")).is_file() for e in (folder / "examples").iterdir()))


def zephyr():
    folder = packages / "zephyr"
    module = yaml.safe_load((folder / "zephyr/module.yml").read_text())
    holds("Zephyr: module.yml names a folder with CMakeLists.txt", (folder / module["build"]["cmake"] / "CMakeLists.txt").is_file())

    def configured(*chosen):
        with tempfile.NamedTemporaryFile("w", suffix=".kconfig") as root:
            for name in ("CPP", "STD_CPP20", "STD_CPP2B", "REQUIRES_FULL_LIBCPP", "CPU_CORTEX_M"):
                root.write(f'config {name}\n\tbool "{name}"\n')
            root.write(f'source "{folder / module["build"]["kconfig"]}"\n')
            root.flush()
            kconfig = kconfiglib.Kconfig(root.name, warn=True, warn_to_stderr=False)
            for name in chosen:
                kconfig.syms[name].set_value("y")
            values = {name: kconfig.syms[name].str_value for name in ("INSITU", "INSITU_SCALAR", "REQUIRES_FULL_LIBCPP")}
            return values, kconfig.warnings

    values, warnings = configured("CPP", "STD_CPP20", "CPU_CORTEX_M", "INSITU")
    holds("Zephyr: Kconfig without a warning", not warnings)
    holds("Zephyr: on Cortex-M with C++20 it may be chosen, brings the C++ library, and is vectorized",
          values == {"INSITU": "y", "INSITU_SCALAR": "n", "REQUIRES_FULL_LIBCPP": "y"})
    holds("Zephyr: elsewhere it has one lane", configured("CPP", "STD_CPP2B", "INSITU")[0]["INSITU_SCALAR"] == "y")
    holds("Zephyr: without C++20 it may not be chosen", configured("CPP", "INSITU")[0]["INSITU"] == "n")


def esp_idf():
    component = yaml.safe_load((packages / "esp-idf/idf_component.yml").read_text())
    holds("ESP-IDF: idf_component.yml has the version " + version, component["version"] == version)


def cmsis_pack():
    folder = packages / "cmsis-pack"
    package = xml.parse(folder / "insitu.insitu.pdsc").getroot()
    name = ".".join((package.findtext("vendor"), package.findtext("name")))
    holds("CMSIS-Pack: the description is named vendor.name.pdsc", (folder / (name + ".pdsc")).is_file())
    holds("CMSIS-Pack: the newest release is " + version, package.find("releases/release").get("version") == version)
    conditions = {condition.get("id") for condition in package.iter("condition")}
    components = list(package.iter("component"))
    holds("CMSIS-Pack: each component's condition is declared", components and all(c.get("condition") in conditions for c in components))
    files = [f.get("name") for f in package.iter("file")] + [package.findtext("license"), package.find("description").get("overview")]
    with zipfile.ZipFile(packages / f"{name}.{version}.pack") as pack:
        inside = pack.namelist()
    holds("CMSIS-Pack: all that it names is in the .pack", all(any(entry.startswith(file) for entry in inside) for file in files))


def conan():
    folder = packages / "conan"
    required, properties = [], {}

    class ConanFile:
        def requires(self, reference, **traits):
            required.append(reference)

    def copy(recipe, pattern, source, destination):
        for path in pathlib.Path(source).glob(pattern if not pattern.endswith("/*") else pattern[:-1] + "**/*"):
            if path.is_file():
                to = pathlib.Path(destination) / path.relative_to(source)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)

    modules = {name: types.ModuleType(name) for name in ("conan", "conan.tools", "conan.tools.build", "conan.tools.files")}
    modules["conan"].ConanFile = ConanFile
    modules["conan.tools.build"].check_min_cppstd = lambda recipe, standard: properties.update(standard=standard)
    modules["conan.tools.files"].copy = copy
    sys.modules.update(modules)
    names = {}
    exec(compile((folder / "conanfile.py").read_text(), "conanfile.py", "exec"), names)
    recipe = names["Insitu"]()
    recipe.cpp_info = types.SimpleNamespace(set_property=properties.__setitem__)
    recipe.info = types.SimpleNamespace(clear=lambda: None)
    for arch, system, wanted in (("x86_64", "Linux", 1), ("armv7", "baremetal", 0)):
        required.clear()
        recipe.settings = types.SimpleNamespace(arch=arch, os=system)
        recipe.requirements()
        holds(f"Conan: xsimd is {'asked for' if wanted else 'left out'} on {arch} {system}", len(required) == wanted)
    with tempfile.TemporaryDirectory() as to:
        recipe.source_folder, recipe.package_folder = str(folder), to
        recipe.validate()
        recipe.package()
        recipe.package_info()
        installed = pathlib.Path(to)
        holds("Conan: the package has headers, CMake package and licence",
              all((installed / path).is_file() for path in ("include/insitu/insitu.h", "share/insitu/cmake/insituConfig.cmake", "licenses/LICENSE")))
    holds("Conan: the version " + version + ", C++20, the target insitu::insitu",
          (recipe.version, properties["standard"], properties["cmake_target_name"]) == (version, 20, "insitu::insitu"))


def vcpkg():
    port = json.loads((packages / "vcpkg/vcpkg.json").read_text())
    holds("vcpkg: vcpkg.json has the version " + version, port["version"] == version)


for check in (platformio, arduino, zephyr, esp_idf, cmsis_pack, conan, vcpkg):
    try:
        check()
    except Exception as problem:  # whatever a parser throws is the finding
        holds(f"{check.__name__}: {type(problem).__name__}: {problem}", False)
sys.exit(failed != 0)
