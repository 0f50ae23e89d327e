#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Debian's kernel, where binfmt_misc is a module, with nothing but an initramfs of ours: binfmtctl
# loads the module through libkmod, mounts the file system, registers the translator, and the
# kernel runs an arm64 program.
. "$top_srcdir/tests/lib/tap.sh"
. "$top_srcdir/tests/boot/boot.sh"
boot_needs

root=$boot_dir/root-kernel
boot_root "$root"
cp "$top_srcdir/tests/boot/kernel-init.sh" "$root/kernel-init.sh"
chmod +x "$root/kernel-init.sh"
boot "$root" /kernel-init.sh 180
tap_done
