@"%~dp0pipeline\start.cmd" "%~nx0" phone-entry %*
