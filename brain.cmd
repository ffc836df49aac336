@echo off
rem UNTESTED: the project is developed on Linux. Builds the host and the built-in plugins on every call, then runs it.
rem Needs the .NET 10 SDK and npm on the PATH, and an hdf5.dll on the PATH or named by BM_HDF5_LIBRARY.
setlocal
set DOTNET_NOLOGO=1
set DOTNET_CLI_TELEMETRY_OPTOUT=1
where dotnet >nul 2>nul || (echo brain: the .NET SDK is missing; get .NET 10 from https://dot.net/download 1>&2 & exit /b 6)
pushd "%~dp0"
where npm >nul 2>nul
if errorlevel 1 (
  set UseOfficialOrt=true
) else if not exist node_modules\.package-lock.json (
  call npm ci --ignore-scripts --omit=dev 1>&2 || (popd & exit /b 6)
)
dotnet build build\Brain.csproj -c Release -nologo -v quiet 1>&2 || (popd & exit /b 6)
popd
"%~dp0artifacts\brain\brain.exe" %*
exit /b %errorlevel%
