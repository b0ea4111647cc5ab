using Meanwhile.Cli.Host;

namespace Meanwhile.Cli.Guest;

/// <summary>Cross-builds the asynchronous page fault module against a Debian kernel's header packages.</summary>
internal static class KernelModuleBuild
{
    /// <summary>Builds the module and gives its content, stripped of debug information.</summary>
    /// <param name="root">Where header and kbuild packages were unpacked.</param>
    /// <param name="libraries">Where the suite's C library for the host was unpacked, for the kernel's own build tools.</param>
    /// <param name="release">The kernel's release.</param>
    /// <param name="work">A folder to build in.</param>
    public static byte[] Build(string root, string libraries, string release, string work)
    {
        string headers = Path.Combine(root, "usr/src", $"linux-headers-{release}");
        string common = Path.Combine(root, "usr/src", $"linux-headers-{release[..release.LastIndexOf('-')]}-common");
        string compiler = Path.Combine(work, "cc");
        GuestSources.Write("apf", Path.Combine(work, "apf"));
        GuestSources.Write("build", Path.Combine(work, "cc"));
        // The packages expect to be unpacked at the root of a system with the kernel's own compiler.
        File.WriteAllText(Path.Combine(headers, "Makefile"), $"include {common}/Makefile\n");
        File.WriteAllText(Path.Combine(headers, ".kernelvariables"), $"""
            override ARCH = arm64
            override KERNELRELEASE = {release}
            override CROSS_COMPILE = aarch64-linux-gnu-
            CC = {compiler}/kernel-cc

            """);
        WrapTools(Path.Combine(headers, "scripts"), libraries);
        string module = Path.Combine(work, "apf", "apf.ko");
        // Without the paths of this host in it, the module is the same wherever it is built, and so is what a guest does with it.
        string map = $"KCFLAGS=-ffile-prefix-map={work}=.";
        string sources = Path.Combine(work, "apf");
        HostCommand.Run("make", ["-C", headers, $"M={sources}", "ARCH=arm64", "CONFIG_DEBUG_INFO_BTF_MODULES=", map, "modules"]);
        HostCommand.Run("aarch64-linux-gnu-objcopy", ["--strip-debug", module]);
        return File.ReadAllBytes(module);
    }

    /// <summary>
    /// The kernel's build tools are programs of the suite, which may want a newer C library than this host has: each is run with the
    /// suite's own. modpost is a chooser between word sizes and byte orders; a 64-bit little-endian kernel's is taken directly.
    /// </summary>
    private static void WrapTools(string scripts, string libraries)
    {
        string? loader = Directory.EnumerateFiles(libraries, "ld-linux-*.so*", SearchOption.AllDirectories).FirstOrDefault();
        string? folder = Directory.EnumerateFiles(libraries, "libc.so.6", SearchOption.AllDirectories).Select(Path.GetDirectoryName).FirstOrDefault();
        if (loader is null || folder is null)
            throw new UserError($"the suite's libc6 package has no dynamic loader below {libraries}");
        string chooser = Path.Combine(scripts, "mod/modpost");
        string modpost = Path.Combine(scripts, "mod/modpost.real-lsb-64");
        if (File.Exists(modpost))
            File.Move(modpost, chooser, overwrite: true);
        foreach (string tool in (string[])["basic/fixdep", "genksyms/genksyms", "mod/modpost"])
        {
            string path = Path.Combine(scripts, tool);
            if (!File.Exists(path))
                continue;
            File.Move(path, path + ".elf", overwrite: true);
            File.WriteAllText(path, $"#!/bin/sh\nexec {loader} --library-path {folder} {path}.elf \"$@\"\n");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
