from conan import ConanFile
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy


class Insitu(ConanFile):
    name = "insitu"
    version = "@VERSION@"
    description = "Neural networks trained where they run: dense layers of fixed shape in C++20, without heap or exceptions"
    homepage = "@URL@"
    license = "MIT"
    topics = ("neural-network", "training", "embedded", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    exports_sources = "include/*", "lib/*", "share/*", "LICENSE"
    no_copy_source = True

    def requirements(self):
        if str(self.settings.arch).startswith(("x86", "armv7", "armv8")) and self.settings.os != "baremetal":
            self.requires("xsimd/13.0.0", transitive_headers=True)

    def validate(self):
        check_min_cppstd(self, 20)

    def package_id(self):
        self.info.clear()

    def package(self):
        copy(self, "LICENSE", self.source_folder, self.package_folder + "/licenses")
        for folder in ("include", "lib", "share"):
            copy(self, folder + "/*", self.source_folder, self.package_folder)

    def package_info(self):
        self.cpp_info.bindirs = []
        self.cpp_info.libdirs = []
        self.cpp_info.set_property("cmake_target_name", "insitu::insitu")
        self.cpp_info.set_property("pkg_config_name", "insitu")
