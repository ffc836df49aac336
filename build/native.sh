# Sourced by prepare.sh: the HDF5 library and the tools of the tests, from Debian's packages, with or without root.

has_hdf5() {
    [[ -n ${BM_HDF5_LIBRARY:-} ]] && return
    compgen -G "$native/usr/lib/*/libhdf5*.so.*" >/dev/null && return
    # BRAINMODULAR_PRIVATE_NATIVE=1 leaves the system's copy out of account (a build to be carried elsewhere; the test of this script).
    [[ ${BRAINMODULAR_PRIVATE_NATIVE:-} == 1 ]] && return 1
    local folder
    for folder in /usr/lib/*-linux-gnu* /usr/lib64 /usr/lib /usr/local/lib /opt/homebrew/lib; do
        compgen -G "$folder/libhdf5_serial.so.[0-9]*" >/dev/null && return
        compgen -G "$folder/libhdf5.so*" >/dev/null && return
        compgen -G "$folder/libhdf5.dylib" >/dev/null && return
    done
    return 1
}

use_private_libraries() {
    local folder
    for folder in "$native"/usr/lib/*/; do
        [[ -d $folder ]] && export LD_LIBRARY_PATH="${folder%/}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
    done
    return 0
}

may_install() { [[ $(id -u) == 0 && ${BRAINMODULAR_PRIVATE_NATIVE:-} != 1 ]]; }

fetch_hdf5() {
    has_hdf5 && return
    command -v apt-get >/dev/null ||
        give_up "the HDF5 library (libhdf5) is missing" "install it with your system's packages (dnf install hdf5, brew install hdf5, ...), or set BM_HDF5_LIBRARY to its path"
    if may_install; then
        local name
        name=$(hdf5_package)
        install_packages "libhdf5" "$name"
    else
        unpack_hdf5
    fi
    has_hdf5 || give_up "libhdf5 was fetched and is still not found" "set BM_HDF5_LIBRARY to the path of libhdf5_serial.so or libhdf5.so"
}

# The package's name differs by release: libhdf5-103-1, libhdf5-103-1t64, libhdf5-310. Options for apt may be given.
hdf5_package() {
    refresh_package_lists "$@"
    local name
    while read -r name; do
        [[ -n $(apt-cache "$@" policy "$name" 2>/dev/null | grep -E '^ +Candidate: [^(]') ]] && { echo "$name"; return; }
    done < <(apt-cache "$@" pkgnames libhdf5- 2>/dev/null | grep -E '^libhdf5-[0-9]+(-[0-9]+)?(t64)?$' | LC_ALL=C sort -rV)
    give_up "Debian's package lists name no libhdf5" "apt-get update, and check /etc/apt/sources.list"
}

refresh_package_lists() {
    apt-get "$@" update >"$artifacts/apt.log" 2>&1 9>&- || {
        tail -n 5 "$artifacts/apt.log" >&2
        give_up "Debian's package lists could not be fetched" "check the network, then type: apt-get update"
    }
}

install_packages() {
    local what=$1
    shift
    say "installing $what (apt-get install $*)"
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$artifacts/apt.log" 2>&1 9>&- || {
        tail -n 5 "$artifacts/apt.log" >&2
        give_up "$what could not be installed" "apt-get update && apt-get install -y $*"
    }
}

# Without root: private lists and cache, and the packages that an installation would add are unpacked instead.
unpack_hdf5() {
    say "fetching libhdf5 into .native (no root: unpacked there, not installed)"
    local apt=$native/apt name package
    mkdir -p -- "$apt/lists/partial" "$apt/cache/archives/partial"
    local options=(-o "Dir::State::lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o Debug::NoLocking=true)
    name=$(hdf5_package "${options[@]}")
    # A package that is installed already is not among those that the simulation adds; libhdf5 itself may be (see has_hdf5).
    local packages
    packages=$( { echo "$name"; echo libsz2; echo libaec0; apt-get "${options[@]}" --simulate --no-install-recommends install "$name" 2>/dev/null | awk '$1 == "Inst" { print $2 }'; } | LC_ALL=C sort -u)
    for package in $packages; do
        (cd -- "$apt" && apt-get "${options[@]}" download "$package") >>"$artifacts/apt.log" 2>&1 9>&- || {
            tail -n 5 "$artifacts/apt.log" >&2
            give_up "$package could not be fetched" "as root: apt-get install -y $name"
        }
    done
    for package in "$apt"/*.deb; do
        dpkg-deb -x "$package" "$native"
    done
    rm -rf -- "$apt"
}

# What only the tests need. In CI nothing may be left out; elsewhere the tests that need a missing tool say so and are skipped.
fetch_test_tools() {
    fetch_test_tool "python3-onnx" python3-onnx python3 -c 'import onnx'
    fetch_test_tool "chromium" chromium command -v chromium
}

fetch_test_tool() {
    local what=$1 package=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    if may_install && command -v apt-get >/dev/null; then
        refresh_package_lists
        install_packages "$what" "$package"
    elif [[ ${CI:-} == true ]]; then
        give_up "$what is missing" "as root: apt-get install -y $package"
    else
        say "$what is missing: the tests that need it are skipped (as root: apt-get install -y $package)"
    fi
}
