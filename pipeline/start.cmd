@echo off
rem Finds a Python and hands over to start.py: behind the .cmd files one folder up, which name themselves and a command.
rem Only ASCII here, for cmd reads this in whatever code page the system has; what is said is said by start.py.
setlocal EnableDelayedExpansion
set "STARTED_LINE=!CMDCMDLINE!"
rem From here on an exclamation mark in a path is one.
setlocal DisableDelayedExpansion
set "STARTED_IN=%CD%"
set "PYTHON="
set "UNFIT="
pushd "%~dp0.."
if not exist .venv\pyvenv.cfg goto search
for /f "usebackq tokens=1,* delims== " %%A in (".venv\pyvenv.cfg") do if "%%A"=="home" call :try "%%B\python.exe"
:search
for %%V in (-3 -3.13 -3.12 -3.11) do call :try py %%V
call :try python
for /d %%D in ("%LocalAppData%\Programs\Python\Python3*") do call :try "%%D\python.exe"
for /d %%D in ("%ProgramFiles%\Python3*") do call :try "%%D\python.exe"
if not defined PYTHON goto missing
"%PYTHON%" %VERSION% pipeline\start.py %*
set "CODE=%ERRORLEVEL%"
goto end

:missing
echo Python 3.11 or newer (64-bit) is needed. See the page that opens now.
if defined UNFIT "%UNFIT%" %UNFIT_VERSION% pipeline\start.py --suits
start "" "%~dp0python.html"
set "CODE=1"

:end
popd
pause
rem Explorer does not quote a file whose name has a "&"; cmd would take what is behind it for the next command.
setlocal EnableDelayedExpansion
if not "!STARTED_LINE:%~1=!"=="!STARTED_LINE!" exit %CODE%
exit /b %CODE%

:try
rem The stub of the Microsoft Store, and what is not there, end with another code than start.py does.
if defined PYTHON exit /b
"%~1" %2 pipeline\start.py --suits >nul 2>nul
set "CODE=%ERRORLEVEL%"
if %CODE%==0 set "PYTHON=%~1"
if %CODE%==0 set "VERSION=%~2"
if %CODE%==3 set "UNFIT=%~1"
if %CODE%==3 set "UNFIT_VERSION=%~2"
exit /b
