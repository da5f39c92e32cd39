@"%~dp0pipeline\start.cmd" "%~nx0" forms %*
