<#
.SYNOPSIS
Makes the installer of aegui for Windows.

.DESCRIPTION
    powershell -ExecutionPolicy Bypass -File packaging\windows\build.ps1 [-Work FOLDER] [-TryInstaller]

Work (dist\windows) is made if missing, and keeps the environment for the next time; installer and bill of
materials are in its folder out. Needs Python for x64 and Inno Setup 6.3 or later: the variable ISCC names
its compiler where that is not in the usual place.

With -TryInstaller the installer is installed, started and removed again, for this user; not to be used where
aegui is installed already. With the variable AEGUI_SIGN_ARGUMENTS everything is signed by signtool; see
packaging\signing.md.
#>
#Requires -Version 5.1
[CmdletBinding()]
param(
    [string]$Work,
    [switch]$TryInstaller
)
Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$Root = (Resolve-Path (Join-Path $PSScriptRoot '..\..')).Path
if (-not $Work) { $Work = Join-Path $Root 'dist\windows' }
$Work = (New-Item -ItemType Directory -Force $Work).FullName
$Source = Join-Path $Work 'source'
$Frozen = Join-Path $Work 'frozen\aegui'
$Out = Join-Path $Work 'out'
$Python = Join-Path $Work 'venv\Scripts\python.exe'
$Programs = @((Join-Path $Frozen 'aegui.exe'), (Join-Path $Frozen 'aegui-window.exe'))
$env:PYTHONDONTWRITEBYTECODE = '1'

function Invoke-Step([string]$Title, [scriptblock]$Action) {
    # The action sees the names of this function before those of the script.
    Write-Host "`n== $Title"
    $watch = [Diagnostics.Stopwatch]::StartNew()
    & $Action
    Write-Host ('== {0}: done in {1:0} s' -f $Title, $watch.Elapsed.TotalSeconds)
}

function Invoke-Program([string]$Program, [string[]]$Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) { throw "$Program $($Arguments -join ' '): status $LASTEXITCODE" }
}

function Start-AndWait([string]$Program, [string[]]$Arguments) {
    # Hands the arguments over as they are; waits also for a program with windows.
    $process = Start-Process $Program $Arguments -Wait -PassThru -NoNewWindow
    if ($process.ExitCode -ne 0) { throw "${Program}: status $($process.ExitCode)" }
}

function Copy-Source {
    # Building leaves files behind.
    if (Test-Path $Source) { Remove-Item -Recurse -Force $Source }
    New-Item -ItemType Directory $Source | Out-Null
    foreach ($name in 'pyproject.toml', 'setup.py', 'MANIFEST.in', 'README.md', 'LICENSE', 'aegui', 'resources', 'packaging') {
        Copy-Item -Recurse (Join-Path $Root $name) $Source
    }
}

function Install-Environment {
    if (-not (Test-Path $Python)) { Invoke-Program 'python' @('-m', 'venv', (Join-Path $Work 'venv')) }
    $constraints = Join-Path $Source 'packaging\constraints.txt'
    Invoke-Program $Python @('-m', 'pip', 'install', '--quiet', '-c', $constraints, 'pyinstaller', "${Source}[onnx]")
    Invoke-Program $Python @('-m', 'pip', 'install', '--quiet', '--no-deps', '--force-reinstall', $Source)
    Invoke-Program $Python @('-c', 'import torch; assert not torch.version.cuda, torch.__version__') # the CPU build
}

function Invoke-PyInstaller {
    foreach ($name in 'frozen', 'pyinstaller') {
        $folder = Join-Path $Work $name
        if (Test-Path $folder) { Remove-Item -Recurse -Force $folder }
    }
    Push-Location $Source
    try {
        Invoke-Program $Python @('-m', 'PyInstaller', '--noconfirm', '--log-level', 'WARN', 'packaging\aegui.spec',
            '--distpath', (Join-Path $Work 'frozen'), '--workpath', (Join-Path $Work 'pyinstaller'))
    }
    finally { Pop-Location }
}

function Get-SignTool {
    $onPath = Get-Command 'signtool.exe' -ErrorAction SilentlyContinue
    if ($onPath) { return $onPath.Source }
    $kits = Join-Path ${env:ProgramFiles(x86)} 'Windows Kits\10\bin\10.*\x64\signtool.exe'
    $newest = Get-Item $kits -ErrorAction SilentlyContinue | Sort-Object FullName | Select-Object -Last 1
    if (-not $newest) { throw 'signtool.exe is missing; it comes with the Windows SDK' }
    return $newest.FullName
}

function Get-Compiler {
    if ($env:ISCC) { return $env:ISCC }
    $onPath = Get-Command 'ISCC.exe' -ErrorAction SilentlyContinue
    if ($onPath) { return $onPath.Source }
    foreach ($folder in ${env:ProgramFiles(x86)}, $env:ProgramFiles, (Join-Path $env:LOCALAPPDATA 'Programs')) {
        $program = Join-Path $folder 'Inno Setup 6\ISCC.exe'
        if (Test-Path $program) { return $program }
    }
    throw 'Inno Setup 6 is missing; see https://jrsoftware.org/isinfo.php'
}

function Protect-Program {
    foreach ($program in $Programs) {
        Start-AndWait (Get-SignTool) @('sign', $env:AEGUI_SIGN_ARGUMENTS, "`"$program`"")
    }
}

function Build-Installer([string]$Version) {
    $numbers = [regex]::Match($Version, '^\d+(\.\d+){0,3}').Value
    $arguments = @('/Qp', "/DVersion=$Version", "/DNumbers=$numbers", "/DFrozen=$Frozen", "/DOutput=$Out")
    if ($env:AEGUI_SIGN_ARGUMENTS) {
        # $q and $f are Inno Setup's own: a quote, and the file.
        $arguments += '/DSigned', "/Saegui=`$q$(Get-SignTool)`$q sign $env:AEGUI_SIGN_ARGUMENTS `$f"
    }
    Invoke-Program (Get-Compiler) ($arguments + (Join-Path $Source 'packaging\windows\aegui.iss'))
}

function Test-Installer([string]$Installer, [string]$Version) {
    $folder = Join-Path $Work 'installed'
    Start-AndWait $Installer @('/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART', '/CURRENTUSER', "/DIR=`"$folder`"",
        '/TASKS=files,path', "/LOG=`"$(Join-Path $Work 'setup.log')`"")
    $told = & (Join-Path $folder 'aegui.exe') --version
    if ($told -ne "aegui $Version") { throw "the installed program says '$told'" }
    $command = (Get-ItemProperty 'HKCU:\Software\Classes\aegui.package\shell\open\command').'(default)'
    if ($command -ne "`"$folder\aegui-window.exe`" `"%1`"") { throw "packages are opened by $command" }
    Start-AndWait (Join-Path $folder 'unins000.exe') @('/VERYSILENT', '/SUPPRESSMSGBOXES', '/NORESTART')
    for ($i = 0; (Test-Path $folder) -and $i -lt 60; $i++) { Start-Sleep 1 } # the uninstaller goes on as a copy of itself
    if (Test-Path $folder) { throw "left behind: $((Get-ChildItem -Recurse $folder).FullName -join ', ')" }
    if (Test-Path 'HKCU:\Software\Classes\aegui.package') { throw 'left behind: the type of packages' }
    if ((Get-Item 'HKCU:\Environment').GetValue('Path', '') -like "*$folder*") { throw 'left behind: PATH' }
}

Invoke-Step 'a copy of the sources' { Copy-Source }
Invoke-Step 'an environment with what is pinned' { Install-Environment }
$Version = & $Python -c 'from importlib.metadata import version; print(version(''aegui''))'
$Name = "aegui-$Version-windows-x86_64"
Invoke-Step 'freezing' { Invoke-PyInstaller }
if ($env:AEGUI_SIGN_ARGUMENTS) { Invoke-Step 'signatures' { Protect-Program } }
Invoke-Step 'smoke test' { Invoke-Program $Python (@((Join-Path $Source 'packaging\smoke.py')) + $Programs) }
New-Item -ItemType Directory -Force $Out | Out-Null
Invoke-Step 'bill of materials' {
    Invoke-Program $Python @((Join-Path $Source 'packaging\sbom.py'), $Frozen, (Join-Path $Out "$Name.cdx.json"))
}
Invoke-Step 'installer' { Build-Installer $Version }
if ($TryInstaller) { Invoke-Step 'install, start, remove' { Test-Installer (Join-Path $Out "$Name-setup.exe") $Version } }
Get-ChildItem $Out | Get-FileHash -Algorithm SHA256 | Format-List
