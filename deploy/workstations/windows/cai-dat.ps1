<#
.SYNOPSIS
Cài Lá Chắn trên một máy trạm Windows: chứng chỉ của cơ quan và địa chỉ cấu hình proxy.

.DESCRIPTION
Chạy trong PowerShell với quyền quản trị. Dấu vân tay lấy từ bản giấy do quản trị viên cung cấp,
không lấy từ mạng. Gỡ bỏ bằng go-bo.ps1.

.EXAMPLE
.\cai-dat.ps1 -Proxy 10.0.0.2:3128 -Fingerprint AB:CD:...
#>
#Requires -RunAsAdministrator
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Proxy,
    # Một dấu vân tay, hoặc hai trong thời gian thay chứng chỉ.
    [Parameter(Mandatory)] [string[]] $Fingerprint
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'

$policies = 'HKLM:\SOFTWARE\Policies'
$internet = "$policies\Microsoft\Windows\CurrentVersion\Internet Settings"

function Get-Sha256([byte[]] $Bytes) {
    $sha = [System.Security.Cryptography.SHA256]::Create()
    return ([System.BitConverter]::ToString($sha.ComputeHash($Bytes)) -replace '-', ':')
}

function Install-Root([string] $Name, [bool] $IsOptional) {
    $file = Join-Path $env:TEMP "lachan-$([guid]::NewGuid()).cer"
    try {
        # Trang này đi thẳng đến máy Lá Chắn, không qua proxy.
        $client = New-Object System.Net.WebClient
        $client.Proxy = $null
        $client.DownloadFile("http://$Proxy/$Name", $file)
    } catch {
        if ($IsOptional) { return }
        throw "Không tải được http://$Proxy/$Name : $($_.Exception.Message)"
    }
    $found = Get-Sha256 ([System.IO.File]::ReadAllBytes($file))
    if ($Fingerprint -notcontains $found) {
        Remove-Item $file
        throw "Dấu vân tay khác bản giấy: $found. Không cài; báo quản trị viên."
    }
    Import-Certificate -FilePath $file -CertStoreLocation Cert:\LocalMachine\Root | Out-Null
    Remove-Item $file
    Write-Host "Đã cài chứng chỉ $found"
}

function Set-Policy([string] $Path, [string] $Name, $Value, [string] $Type) {
    if (-not (Test-Path $Path)) { New-Item -Path $Path -Force | Out-Null }
    New-ItemProperty -Path $Path -Name $Name -Value $Value -PropertyType $Type -Force | Out-Null
}

Install-Root 'ca.der' $false
Install-Root 'ca-standby.der' $true

# Một cấu hình cho mọi người dùng của máy, người dùng không tự đổi được.
Set-Policy $internet 'ProxySettingsPerUser' 0 'DWord'
$machine = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Internet Settings'
Set-Policy $machine 'AutoConfigURL' "http://$Proxy/proxy.pac" 'String'
foreach ($browser in 'Google\Chrome', 'Microsoft\Edge') {
    Set-Policy "$policies\$browser" 'QuicAllowed' 0 'DWord'
    Set-Policy "$policies\$browser" 'EncryptedClientHelloEnabled' 0 'DWord'
}
Set-Policy "$policies\Mozilla\Firefox\Certificates" 'ImportEnterpriseRoots' 1 'DWord'
Set-Policy "$policies\Mozilla\Firefox\Proxy" 'Mode' 'system' 'String'
Write-Host 'Xong. Đóng và mở lại trình duyệt, rồi mở https://test.lachan.internal/ để tự kiểm tra.'
