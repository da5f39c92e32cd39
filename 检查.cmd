@"%~dp0pipeline\start.cmd" "%~nx0" check %*
