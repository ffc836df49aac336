# Sourced by ./brain and ./test.sh, which set $root: finds or fetches what the build needs, once, and builds when a source has changed.
# The usual call, with everything in place, runs one `find` and one `cksum`; everything else happens under a lock.

native=$root/.native
artifacts=$root/artifacts
host=$artifacts/brain/brain
stamp=$artifacts/brain.stamp
build_log=$artifacts/build.log

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true

say() { printf 'brain: %s\n' "$*" >&2; }

# What the launcher cannot do, it names with the command to type. 6 is the exit code of every fault of the environment.
give_up() {
    say "$1"
    shift
    printf '  to mend it: %s\n' "$@" >&2
    exit 6
}

prepare_to_run() {
    if ! is_built; then
        under_lock build_host
    fi
    use_private_libraries
    use_the_sdk_runtime
}

prepare_to_test() {
    under_lock build_everything
    use_private_libraries
    use_the_sdk_runtime
}

# ---- Is anything to be done?

# Paths, times and sizes of everything that the built host depends on.
sources() {
    local folders=() entry
    for entry in src plugins ext build package-lock.json global.json Directory.Build.props Directory.Packages.props; do
        [[ -e $root/$entry ]] && folders+=("$entry")
    done
    (cd -- "$root" && find "${folders[@]}" -type f -printf '%p %T@ %s\n' | LC_ALL=C sort | cksum)
}

is_built() {
    [[ -x $host && -f $stamp ]] && has_hdf5 && [[ $(<"$stamp") == "$(sources)" ]]
}

# ---- The lock

under_lock() {
    mkdir -p -- "$native" "$artifacts" 2>/dev/null && [[ -w $native && -w $artifacts ]] ||
        give_up "the folder $root has to be built first and cannot be written to by $(id -un)" \
            "run '$root/brain --version' once as the owner of the folder, or copy the folder to a place of your own"
    local lock=$native/lock
    exec 9>"$lock"
    if command -v flock >/dev/null && ! flock --nonblock 9; then
        say "waiting for another brain that is building"
        flock 9
    fi
    "$@"
    exec 9>&-
}

# ---- Steps, each of which does nothing where its result is there already

build_host() {
    is_built && return # Another process may have built while this one waited for the lock.
    use_private_home_if_needed
    require_dotnet
    fetch_npm_packages --omit=dev
    fetch_hdf5
    build "building (about a minute the first time)" build/Brain.csproj
}

build_everything() {
    use_private_home_if_needed
    require_dotnet
    fetch_npm_packages
    fetch_hdf5
    fetch_test_tools
    build "building the solution" BrainModular.sln
}

# The stamp is taken before the build, so that a source saved meanwhile is built the next time; a failed build leaves none.
build() {
    local message=$1 target=$2 now
    say "$message"
    now=$(sources)
    rm -f -- "$stamp"
    if ! (cd -- "$root" && dotnet build "$target" -c Release -nologo -v quiet -clp:NoSummary) >"$build_log" 2>&1 9>&-; then
        grep -E ': (error|warning) ' "$build_log" | LC_ALL=C sort -u | head -n 20 >&2 || tail -n 20 "$build_log" >&2
        give_up "the build failed" "read $build_log; where a package could not be fetched, check the network and type the same command again"
    fi
    # The folder of the build tool's outputs is there whether or not the projects that it built are: check the result.
    [[ -x $host ]] || give_up "the build left no $host" "read $build_log"
    printf '%s\n' "$now" >"$stamp.new" && mv -f -- "$stamp.new" "$stamp"
}

require_dotnet() {
    local cure="install the .NET 10 SDK (https://dot.net/download), or without root: curl -sSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0 && export PATH=\"\$HOME/.dotnet:\$PATH\""
    command -v dotnet >/dev/null || give_up "the .NET SDK is missing" "$cure"
    # Asked in the repository, the tool applies global.json and fails where no SDK satisfies it.
    (cd -- "$root" && dotnet --version) >/dev/null 2>&1 || give_up "the installed .NET SDK is older than global.json asks for" "$cure"
}

# NuGet, npm and the SDK write to the home folder. Without a usable one they get a folder of the repository, and still read the settings of the real one.
use_private_home_if_needed() {
    [[ -n ${HOME:-} && -d ${HOME:-} && -w ${HOME:-} ]] && return
    local home=$native/home
    say "HOME is not a folder that can be written to: using $home"
    mkdir -p -- "$home/.nuget/NuGet"
    if [[ -n ${HOME:-} ]]; then
        [[ -r $HOME/.nuget/NuGet/NuGet.Config ]] && cp -- "$HOME/.nuget/NuGet/NuGet.Config" "$home/.nuget/NuGet/"
        [[ -r $HOME/.npmrc ]] && export npm_config_userconfig=$HOME/.npmrc
    fi
    export HOME=$home DOTNET_CLI_HOME=$home NUGET_PACKAGES=$home/.nuget/packages npm_config_cache=$home/.npm
    unset XDG_DATA_HOME XDG_CONFIG_HOME XDG_CACHE_HOME
}

# `npm ci` empties node_modules first, so the mark that it has run lies inside.
fetch_npm_packages() {
    [[ -f $root/package-lock.json ]] || return 0
    if ! command -v npm >/dev/null; then
        say "npm is missing: taking ONNX Runtime from NuGet instead"
        export UseOfficialOrt=true
        return
    fi
    local whole=$root/node_modules/.whole runtime=$root/node_modules/.runtime mark=$root/node_modules/.whole
    [[ $* == *--omit=dev* ]] && mark=$runtime
    local done
    for done in "$whole" "$mark"; do
        cmp -s -- "$root/package-lock.json" "$done" && return
    done
    say "fetching npm packages (npm ci)"
    if ! (cd -- "$root" && npm ci --ignore-scripts "$@") >"$artifacts/npm.log" 2>&1 9>&-; then
        tail -n 5 "$artifacts/npm.log" >&2
        give_up "npm ci failed" "check the network, then type: cd '$root' && npm ci --ignore-scripts"
    fi
    cp -- "$root/package-lock.json" "$mark"
}

# shellcheck source=build/native.sh
source "$root/build/native.sh"

# An SDK outside the system folders is found by the host's executable through this variable only.
use_the_sdk_runtime() {
    local dotnet
    if [[ -z ${DOTNET_ROOT:-} ]] && dotnet=$(command -v dotnet); then
        dotnet=$(readlink -f -- "$dotnet")
        [[ -d ${dotnet%/*}/shared ]] && export DOTNET_ROOT=${dotnet%/*}
    fi
    return 0
}
