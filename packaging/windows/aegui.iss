; The installer for Windows, for Inno Setup 6.3 or later. build.ps1 calls it, with backslashes in every path:
;
;     ISCC /DVersion=0.1.0 /DNumbers=0.1.0 /DFrozen=FOLDER /DOutput=FOLDER packaging\windows\aegui.iss
;
; Frozen is the folder that PyInstaller makes. With /DSigned, and the command of a SignTool named "aegui"
; given by /S, installer and uninstaller are signed. The uninstaller removes everything but the user's runs.

#ifndef Version
  #error "which version? /DVersion=0.1.0"
#endif
#ifndef Numbers
  #error "which version in numbers alone? /DNumbers=0.1.0"
#endif
#ifndef Frozen
  #error "where is the frozen folder? /DFrozen=FOLDER"
#endif
#ifndef Output
  #error "where shall the installer be? /DOutput=FOLDER"
#endif
#define Program "aegui-window.exe"

[Setup]
AppId={{6C51A44D-6AB1-43E3-A6A1-46C103BF7950}
AppName=aegui
AppVersion={#Version}
AppVerName=aegui {#Version}
AppPublisher=The aegui authors
VersionInfoVersion={#Numbers}
VersionInfoDescription=Installer of aegui
LicenseFile=..\..\LICENSE
SetupIconFile={#Frozen}\_internal\aegui.ico
UninstallDisplayIcon={app}\{#Program}
UninstallDisplayName=aegui
OutputDir={#Output}
OutputBaseFilename=aegui-{#Version}-windows-x86_64-setup
; for one user and without an administrator, unless /ALLUSERS or the first dialog says otherwise
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog commandline
; the folders below are those of whoever installed it; of others on the machine nothing is touched
UsedUserAreasWarning=no
DefaultDirName={autopf}\aegui
DisableProgramGroupPage=yes
; also Windows on ARM, which runs programs for x64
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
; the oldest that Qt 6.9 runs on
MinVersion=10.0.17763
ChangesAssociations=yes
ChangesEnvironment=yes
CloseApplications=yes
RestartApplications=no
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
; the compiler itself has too little memory for a gigabyte
LZMAUseSeparateProcess=yes
#ifdef Signed
SignTool=aegui
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[Messages]
en.ConfirmUninstall=Remove %1 with its settings, its log and the data that it has fetched?%n%nYour runs stay where they are, in AppData\Local\aegui\runs.
de.ConfirmUninstall=%1 mit seinen Einstellungen, seinem Protokoll und den geladenen Daten entfernen?%n%nIhre Läufe bleiben, wo sie sind, in AppData\Local\aegui\runs.

[CustomMessages]
en.OpenFiles=Open .aegui files with aegui, and offer it for experiments (.toml)
de.OpenFiles=.aegui-Dateien mit aegui öffnen und es für Versuche (.toml) anbieten
en.OnPath=Make the command "aegui" known to terminals (PATH)
de.OnPath=Den Befehl „aegui“ in Terminals bekannt machen (PATH)
en.Comment=Draw a network, press Play, watch it learn
de.Comment=Ein Netz zeichnen, Play drücken, beim Lernen zusehen
en.Package=Package of aegui
de.Package=Paket von aegui
en.Experiment=Experiment of aegui
de.Experiment=Versuch von aegui

[Tasks]
Name: "files"; Description: "{cm:OpenFiles}"
Name: "desktop"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:OnPath}"; Flags: unchecked

[InstallDelete]
; what an older version needed
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Frozen}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\aegui"; Filename: "{app}\{#Program}"; Comment: "{cm:Comment}"
Name: "{autodesktop}\aegui"; Filename: "{app}\{#Program}"; Comment: "{cm:Comment}"; Tasks: desktop

[Registry]
Root: HKA; Subkey: "Software\Classes\.aegui"; Flags: uninsdeletekeyifempty; Tasks: files
Root: HKA; Subkey: "Software\Classes\.aegui"; ValueType: string; ValueData: "aegui.package"; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\.aegui"; ValueType: string; ValueName: "Content Type"; ValueData: "application/vnd.aegui.package"; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.package"; ValueType: string; ValueData: "{cm:Package}"; Flags: uninsdeletekey; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.package\DefaultIcon"; ValueType: string; ValueData: "{app}\_internal\aegui-package.ico"; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.package\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""; Tasks: files
; Windows knows files by the last ending of their names alone, and .toml belongs to many programs
Root: HKA; Subkey: "Software\Classes\.toml"; Flags: uninsdeletekeyifempty; Tasks: files
Root: HKA; Subkey: "Software\Classes\.toml\OpenWithProgids"; Flags: uninsdeletekeyifempty; Tasks: files
Root: HKA; Subkey: "Software\Classes\.toml\OpenWithProgids"; ValueType: string; ValueName: "aegui.experiment"; ValueData: ""; Flags: uninsdeletevalue; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.experiment"; ValueType: string; ValueData: "{cm:Experiment}"; Flags: uninsdeletekey; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.experiment\DefaultIcon"; ValueType: string; ValueData: "{app}\_internal\aegui-experiment.ico"; Tasks: files
Root: HKA; Subkey: "Software\Classes\aegui.experiment\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""; Tasks: files

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,aegui}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
Type: filesandordirs; Name: "{localappdata}\aegui\Cache"
Type: filesandordirs; Name: "{localappdata}\aegui\Logs"
Type: filesandordirs; Name: "{localappdata}\aegui\sessions"
Type: files; Name: "{localappdata}\aegui\settings.json"
Type: dirifempty; Name: "{localappdata}\aegui"

[Code]
function KeyOfPath: String;
begin
  if IsAdminInstallMode then
    Result := 'SYSTEM\CurrentControlSet\Control\Session Manager\Environment'
  else
    Result := 'Environment';
end;

{ The folders of PATH without the one of the program; whether that was among them. }
function OtherFolders(Folders: String; var Found: Boolean): String;
var
  Folder: String;
  Place: Integer;
begin
  Result := '';
  Found := False;
  Folders := Folders + ';';
  while Folders <> '' do
  begin
    Place := Pos(';', Folders);
    Folder := Copy(Folders, 1, Place - 1);
    Delete(Folders, 1, Place);
    if CompareText(RemoveBackslashUnlessRoot(Folder), ExpandConstant('{app}')) = 0 then
      Found := True
    else if Folder <> '' then
    begin
      if Result <> '' then
        Result := Result + ';';
      Result := Result + Folder;
    end;
  end;
end;

procedure PutOnPath(Wanted: Boolean);
var
  Folders: String;
  Found: Boolean;
begin
  if not RegQueryStringValue(HKA, KeyOfPath, 'Path', Folders) then
    Folders := '';
  Folders := OtherFolders(Folders, Found);
  if Found = Wanted then
    exit;
  if Wanted and (Folders <> '') then
    Folders := Folders + ';';
  if Wanted then
    Folders := Folders + ExpandConstant('{app}');
  if Folders = '' then
    RegDeleteValue(HKA, KeyOfPath, 'Path')
  else
    RegWriteExpandStringValue(HKA, KeyOfPath, 'Path', Folders);
end;

procedure CurStepChanged(CurStep: TSetupStep);
begin
  if CurStep = ssPostInstall then
    PutOnPath(WizardIsTaskSelected('path'));
end;

procedure CurUninstallStepChanged(CurUninstallStep: TUninstallStep);
begin
  if CurUninstallStep = usUninstall then
    PutOnPath(False);
end;
